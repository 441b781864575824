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

/** A host of the traffic, and the edit's effect on it. */
export interface HostEffect {
  readonly host: string;
  readonly before: Ruling;
  readonly after: Ruling;
  /** All decisions so far, and the denials that the policy made. */
  readonly total: number;
  readonly denied: number;
  /** Denials by anything else: another system, a cap, a protocol rule. */
  readonly deniedByOthers: number;
  /** Decisions that let the host through. Failures and open questions do not count. */
  readonly letThrough: number;
}

/** The effect that an edit would have had on the traffic so far. */
export interface EditPreview {
  /** Hosts that a changed entry names, busiest first, including those with an unchanged ruling. */
  readonly covered: readonly HostEffect[];
  /** Hosts that a changed entry nearly names: its apex, a sibling, a look-alike. */
  readonly near: readonly string[];
  /** Past denials by the policy of hosts that the edit lets through. */
  readonly denialsLetThrough: number;
  /** Past denials of the same hosts by others. The edit would not have prevented them. */
  readonly denialsOfOthers: number;
  /** The agents of those denials with their counts, largest first. */
  readonly agents: readonly (readonly [string, number])[];
  readonly tools: readonly (readonly [string, number])[];
  /** Past decisions that let through hosts which the edit denies. */
  readonly allowsRefused: number;
  /** Folded hosts, whose effect is unknown. */
  readonly unknownHosts: number;
}

/** The input of a preview. */
export interface EditPreviewQuestion extends PolicyShiftQuestion {
  readonly edit: PolicyEdit;
  /** Whether an entry names a host, by the dialect's rules. */
  readonly covers: Dialect['covers'];
}

/** The most near hosts that are listed. */
const NEAR_HOSTS = 20;

/**
 * Judges only the hosts that a changed entry may name, with one comparison a host. Judges all hosts if the edit changes the ruling on
 * unnamed hosts.
 */
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

/** A host that cannot exist (RFC 6761). Only an entry for every host names it. */
const NAMED_BY_NONE = { host: 'egresstop.invalid', address: null };

/**
 * Whether the edit changes the ruling on hosts that no entry names. In systems where an empty list allows everything, the first entry does
 * so.
 */
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

/** Whether the host is below, above or beside the entry's name, under a shared parent of at least two labels, or ends like it. */
function isNear(name: string, host: string): boolean {
  const parent = name.slice(name.indexOf('.') + 1);
  const isSibling = parent.includes('.') && (host === parent || host.endsWith(`.${parent}`));
  return isSibling || host.endsWith(name) || (name.endsWith(`.${host}`) && host.includes('.'));
}
