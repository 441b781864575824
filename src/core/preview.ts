import type { EntryChange, JudgeOptions, Policy, PolicyEdit, Ruling } from './dialect.ts';
import { Tally } from './tally.ts';
import type { HostRow } from './traffic-row.ts';
import type { Traffic } from './traffic.ts';

/** A host that was seen, and what the edit changes for it. */
export interface HostEffect {
  readonly host: string;
  readonly before: Ruling;
  readonly after: Ruling;
  /** Decisions and denials counted so far. */
  readonly total: number;
  readonly denied: number;
}

/** What an edit would have changed in the traffic seen so far. */
export interface Preview {
  /** Hosts seen that a changed entry names, busiest first; also those whose ruling stays. */
  readonly covered: readonly HostEffect[];
  /** Hosts seen beside or above a changed entry that it does not name: the apex, a sibling, a look-alike. */
  readonly near: readonly string[];
  /** Past denials of hosts that would now be let through. */
  readonly denialsLetThrough: number;
  /** Those denials by who asked and with what, by count. */
  readonly agents: readonly (readonly [string, number])[];
  readonly tools: readonly (readonly [string, number])[];
  /** Past decisions that let through hosts which would now be denied. */
  readonly allowsRefused: number;
  /** Hosts folded away, of which nothing can be said. */
  readonly unknownHosts: number;
}

/** The question a preview answers. */
export interface PreviewQuestion {
  readonly before: Policy;
  readonly after: Policy;
  readonly edit: PolicyEdit;
  /** Whether an entry names a host, in the policy's own terms. */
  readonly covers: (entry: string, host: string) => boolean;
  readonly options?: JudgeOptions;
}

/** How many near hosts are worth naming. */
const NEAR_HOSTS = 20;

/** Judges only the hosts that a changed entry could touch: the cost is one comparison a host. */
export function preview(traffic: Traffic, question: PreviewQuestion): Preview {
  const touched = [...traffic.hosts.values()].filter(row =>
    question.edit.some(change => question.covers(change.entry, row.name)),
  );
  const covered = touched
    .map(row => effectOn(row, question))
    .sort((one, other) => other.denied - one.denied || other.total - one.total);
  const freed = new Set(covered.filter(isFreed).map(effect => effect.host));
  const [agents, tools] = [new Tally(), new Tally()];
  for (const row of touched) {
    if (!row.denied || !freed.has(row.name)) continue;
    agents.merge(row.denied.agents, NEAR_HOSTS);
    tools.merge(row.denied.tools, NEAR_HOSTS);
  }
  return {
    covered,
    near: nearHosts(traffic, question, new Set(touched.map(row => row.name))),
    denialsLetThrough: sum(covered.filter(isFreed).map(effect => effect.denied)),
    agents: agents.ranked(),
    tools: tools.ranked(),
    allowsRefused: sum(covered.filter(isRefused).map(effect => effect.total - effect.denied)),
    unknownHosts: traffic.evicted.hosts,
  };
}

function effectOn(row: HostRow, { before, after, options }: PreviewQuestion): HostEffect {
  const attempt = { host: row.name, address: row.address };
  return {
    host: row.name,
    before: before.judge(attempt, options),
    after: after.judge(attempt, options),
    total: row.counts.total,
    denied: row.counts.deny,
  };
}

const isFreed = ({ before, after }: HostEffect): boolean =>
  before.verdict === 'deny' && after.verdict !== 'deny';
const isRefused = ({ before, after }: HostEffect): boolean =>
  before.verdict !== 'deny' && after.verdict === 'deny';
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function nearHosts(
  traffic: Traffic,
  question: PreviewQuestion,
  touched: ReadonlySet<string>,
): readonly string[] {
  const additions = question.edit
    .filter(change => change.type === 'add')
    .map(nameOf)
    .filter(name => name !== '');
  const near: string[] = [];
  for (const host of traffic.hosts.keys()) {
    if (near.length >= NEAR_HOSTS) break;
    if (!touched.has(host) && additions.some(name => isNear(name, host))) near.push(host);
  }
  return near.sort();
}

const nameOf = (change: EntryChange): string =>
  change.entry
    .trim()
    .toLowerCase()
    .replace(/^\*?\./, '')
    .replace(/\.+$/, '');

/** Below the entry's name, above it, beside it under a parent of two labels or more, or ending like it. */
function isNear(name: string, host: string): boolean {
  const parent = name.slice(name.indexOf('.') + 1);
  const isSibling = parent.includes('.') && (host === parent || host.endsWith(`.${parent}`));
  return isSibling || host.endsWith(name) || (name.endsWith(`.${host}`) && host.includes('.'));
}
