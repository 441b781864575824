import { eventTest, parseFilter } from '../core/filter.ts';
import type { EgressEvent } from '../core/event.ts';
import { isZoneless, parseMoment, toIso } from '../core/time.ts';
import type { FieldMap } from '../core/maps/field-map.ts';
import type { Problem } from '../core/problem.ts';
import type { NatsFlags } from '../sources/nats/credential-files.ts';
import { fleetAddress } from '../sources/nats/fleet-address.ts';
import type { SourceSpec } from '../sources/source.ts';
import type { System } from '../systems/system.ts';
import { SYSTEMS } from '../systems/index.ts';
import { mapSystem } from '../systems/maps/map-system.ts';
import { misuse } from '../core/failure.ts';

/** Which systems' records are read. */
export interface SystemChoice {
  /** The only one; absent where each record tells by its shape. */
  readonly system?: string;
  /** The maps that are read beside the built-in systems. */
  readonly maps?: readonly FieldMap[];
}

/** Flags that every verb with sources takes, as the command line gives them. */
export interface SourceOptions extends SystemChoice, NatsFlags {
  /** The files of `--map`. */
  readonly map?: readonly string[];
  /** Mistakes in the maps and in the configuration. */
  readonly startProblems?: readonly Problem[];
  readonly stateDir?: string;
  readonly since?: string;
  readonly until?: string;
  readonly filter?: string;
}

/** Of any options those that choose events, as plain data: another thread makes the same systems and selection of them. */
export const choiceOf = ({ system, maps, since, until, filter }: SourceOptions): SourceOptions => ({
  ...(system === undefined ? {} : { system }),
  ...(maps === undefined ? {} : { maps }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
  ...(filter === undefined ? {} : { filter }),
});

/** The systems whose records are read: the one named, else all. The built-in ones are asked first, then the maps in their order. */
export function systemsFor({ system: name, maps = [] }: SystemChoice): readonly System[] {
  const all = [...SYSTEMS, ...maps.map(mapSystem)];
  return name === undefined ? all : [foundIn(all, name)];
}

/** The built-in system of that name; wrong usage when there is none. */
export const systemNamed = (name: string): System => foundIn(SYSTEMS, name);

function foundIn(systems: readonly System[], name: string): System {
  const system = systems.find(known => known.name === name);
  if (!system)
    throw misuse(`no such system: ${name} (there are ${systems.map(known => known.name).join(', ')})`);
  return system;
}

/** The system of the policy that goes with these records: a map has none, and lends none. */
export const policySystem = ({ system, maps = [] }: SystemChoice): { readonly system?: string } =>
  system === undefined || maps.some(({ name }) => name === system) ? {} : { system };

/** Whether the options leave out any event at all. */
export const selects = ({ since, until, filter }: SourceOptions): boolean =>
  [since, until, filter].some(option => option !== undefined);

/** A fleet's counters know no single record: wrong usage where the options ask for some of them. */
export function refuseSelectionOfSums(specs: readonly SourceSpec[], options: SourceOptions): void {
  if (selects(options) && specs.some(spec => fleetAddress(spec) !== null))
    throw misuse('a fleet holds sums: --since, --until and --filter need records', 'name logs');
}

/**
 * Whether an event lies within `--since`, `--until` and `--filter`. Events without a readable time lie outside of any window; `passedBy`
 * hears of each of them.
 */
export function eventSelection(
  options: SourceOptions,
  now: number,
  passedBy: () => void = () => undefined,
): (event: EgressEvent) => boolean {
  const { since, until } = timeWindow(options, now);
  const isTimed = options.since !== undefined || options.until !== undefined;
  const parsed = parseFilter(options.filter ?? '');
  if (parsed.type === 'invalid')
    throw misuse(`--filter, at character ${parsed.error.offset + 1}: ${parsed.error.why}`);
  const matches = eventTest(parsed.terms, now);
  return event => {
    if (isTimed && event.at === null) {
      passedBy();
      return false;
    }
    if (isTimed && event.at !== null && (event.at < since || event.at >= until)) return false;
    return matches(event);
  };
}

/** Which zone `--since` and `--until` were read in, where one of them names none; null where both do, or are durations. */
export function zoneNote({ since, until }: Pick<SourceOptions, 'since' | 'until'>): string | null {
  const zoneless = [
    ...(since !== undefined && isZoneless(since) ? [`--since ${since}`] : []),
    ...(until !== undefined && isZoneless(until) ? [`--until ${until}`] : []),
  ];
  if (zoneless.length === 0) return null;
  return `${zoneless.join(' and ')} ${zoneless.length === 1 ? 'names' : 'name'} no zone: read as UTC`;
}

/** From `since` on, and before `until`; unix ms. */
export interface TimeWindow {
  readonly since: number;
  readonly until: number;
}

/** Events that are wanted, of all there are. */
export interface Selection {
  readonly isSelected: (event: EgressEvent) => boolean;
  /** Whether events without a readable time lie outside. */
  readonly isTimed: boolean;
  /** The times it goes by, where it goes by nothing else: they can be told without decoding every line. */
  readonly window: TimeWindow | null;
}

/** The choice of the options among all events; null where they take all. */
export const selectionOf = (options: SourceOptions, now: number): Selection | null =>
  selects(options)
    ? {
        isSelected: eventSelection(options, now),
        isTimed: options.since !== undefined || options.until !== undefined,
        window: options.filter === undefined ? timeWindow(options, now) : null,
      }
    : null;

/** The options with what is left of their window between two times, from `from` on and before `until`. */
export function narrowedTo(
  options: SourceOptions,
  { from, until }: { readonly from: number; readonly until: number | null },
  now: number,
): SourceOptions {
  const named = timeWindow(options, now);
  const end = Math.min(named.until, until ?? Number.POSITIVE_INFINITY);
  return {
    ...options,
    since: toIso(Math.max(named.since, from)),
    ...(Number.isFinite(end) ? { until: toIso(end) } : {}),
  };
}

/** The times that `--since` and `--until` name, as of `now` in unix ms; infinite where they name nothing. */
export const timeWindow = ({ since, until }: SourceOptions, now: number): TimeWindow => ({
  since: moment('--since', since, now) ?? Number.NEGATIVE_INFINITY,
  until: moment('--until', until, now) ?? Number.POSITIVE_INFINITY,
});

function moment(flag: string, text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const at = parseMoment(text, now);
  if (at === null) throw misuse(`${flag} wants a duration as 10m, or an ISO time: ${text}`);
  return at;
}
