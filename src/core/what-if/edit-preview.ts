import { apexOf } from '../apex.ts';
import type { Dialect, PolicyEdit, Ruling } from '../policy/dialect.ts';
import { entryChanges, shadowChange } from '../policy/edit-parts.ts';
import { ownDenials, shiftBetween, type PolicyShiftQuestion } from './policy-shift.ts';
import { sortedBy } from '../sorted-by.ts';
import { Tally } from '../traffic/tally.ts';
import { attemptOf } from './attempt-of.ts';
import type { HostRow } from '../traffic/host-row.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { each, stage, type Work } from '../work.ts';

/** A host that was seen, and what the edit changes for it. */
export interface HostEffect {
  readonly host: string;
  readonly before: Ruling;
  readonly after: Ruling;
  /** Decisions so far, and the denials among them that were the policy's own. */
  readonly total: number;
  readonly denied: number;
  /** Denials that something else made: another system, a cap, a protocol rule. */
  readonly deniedByOthers: number;
  /** Decisions that let the host through. A failure or an open question did not. */
  readonly letThrough: number;
}

/** The changes that an edit would have made to the traffic seen so far. */
export interface EditPreview {
  /** Hosts seen that a changed entry names, busiest first; also those whose ruling stays. */
  readonly covered: readonly HostEffect[];
  /** Hosts seen beside or above a changed entry that it does not name: the apex, a sibling, a look-alike. */
  readonly near: readonly string[];
  /** Past denials by the policy of hosts that would now be let through. */
  readonly denialsLetThrough: number;
  /** Past denials of the same hosts that were not the policy's: they would have stayed. */
  readonly denialsOfOthers: number;
  /** Those denials by who asked and with what, by count. */
  readonly agents: readonly (readonly [string, number])[];
  readonly tools: readonly (readonly [string, number])[];
  /** Past decisions that let through hosts which would now be denied. */
  readonly allowsRefused: number;
  /** Hosts folded away, of which nothing can be said. */
  readonly unknownHosts: number;
}

/** The question a preview answers. */
export interface EditPreviewQuestion extends PolicyShiftQuestion {
  readonly edit: PolicyEdit;
  /** Whether an entry names a host, in the policy's own terms. */
  readonly covers: Dialect['covers'];
}

/** How many near hosts are worth naming. */
const NEAR_HOSTS = 20;

/** Judges only the hosts that a changed entry could name, at one comparison a host. Judges all hosts where the edit changes the ruling on unnamed ones. */
export function* previewEdit(traffic: Traffic, question: EditPreviewQuestion): Work<EditPreview> {
  const isForAll = changesTheRest(question) || shadowChange(question.edit) !== null;
  const changes = entryChanges(question.edit);
  const touched: HostRow[] = [];
  const look = (row: HostRow): void => {
    if (isForAll || changes.some(change => question.covers(change.entry, row.name))) touched.push(row);
  };
  yield* stage(each(traffic.hosts.values(), traffic.hosts.size, look), 0, 0.4);
  const effects: HostEffect[] = [];
  yield* stage(
    each(touched, touched.length, row => void effects.push(effectOn(row, question))),
    0.4,
    0.7,
  );
  const freed = effects.filter(isFreed);
  const [agents, tools] = [new Tally(), new Tally()];
  const blame = ({ host }: HostEffect): void => {
    const row = traffic.hosts.get(host);
    for (const kind of row ? ownDenials(row, question) : []) {
      agents.merge(kind.agents, NEAR_HOSTS);
      tools.merge(kind.tools, NEAR_HOSTS);
    }
  };
  yield* stage(each(freed, freed.length, blame), 0.7, 0.8);
  const near = yield* stage(nearHosts(traffic, question, new Set(touched.map(row => row.name))), 0.8, 1);
  return {
    covered: sortedBy(
      sortedBy(effects, ({ total }) => -total),
      ({ denied }) => -denied,
    ),
    near,
    denialsLetThrough: sum(freed.map(effect => effect.denied)),
    denialsOfOthers: sum(freed.map(effect => effect.deniedByOthers)),
    agents: agents.ranked(),
    tools: tools.ranked(),
    allowsRefused: sum(effects.filter(isRefused).map(({ letThrough }) => letThrough)),
    unknownHosts: traffic.evicted.hosts,
  };
}

/** A host that nobody can have (RFC 6761): no entry names it but one that names every host. */
const NAMED_BY_NONE = { host: 'egresstop.invalid', address: null };

/** The first entry of a list closes what was open to all, in systems where no list restricts nothing. */
const changesTheRest = ({ before, after, options }: EditPreviewQuestion): boolean =>
  before.judge(NAMED_BY_NONE, options).verdict !== after.judge(NAMED_BY_NONE, options).verdict;

function effectOn(row: HostRow, question: EditPreviewQuestion): HostEffect {
  const { before, after, options } = question;
  const denied = sum(ownDenials(row, question).map(({ count }) => count));
  const attempt = attemptOf(row);
  return {
    host: row.name,
    before: before.judge(attempt, options),
    after: after.judge(attempt, options),
    total: row.counts.total,
    denied,
    deniedByOthers: row.counts.deny - denied,
    letThrough: row.counts.allow + row.counts['would-deny'],
  };
}

const isFreed = ({ before, after }: HostEffect): boolean => shiftBetween(before, after) === 'freed';
const isRefused = ({ before, after }: HostEffect): boolean => shiftBetween(before, after) === 'refused';
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

function* nearHosts(
  { hosts }: Traffic,
  question: EditPreviewQuestion,
  touched: ReadonlySet<string>,
): Work<readonly string[]> {
  const additions = entryChanges(question.edit)
    .filter(change => change.type === 'add')
    .map(({ entry }) => apexOf(entry))
    .filter(name => name !== '');
  const near: string[] = [];
  const look = (host: string): void => {
    if (near.length >= NEAR_HOSTS || touched.has(host)) return;
    if (additions.some(name => isNear(name, host))) near.push(host);
  };
  yield* each(hosts.keys(), hosts.size, look);
  return near.sort();
}

/** Below the entry's name, above it, beside it under a parent of two labels or more, or ending like it. */
function isNear(name: string, host: string): boolean {
  const parent = name.slice(name.indexOf('.') + 1);
  const isSibling = parent.includes('.') && (host === parent || host.endsWith(`.${parent}`));
  return isSibling || host.endsWith(name) || (name.endsWith(`.${host}`) && host.includes('.'));
}
