import { onTestFinished } from 'vitest';
import { initialState } from '../../src/app/state/state.ts';
import { Store } from '../../src/app/store.ts';
import { dashboardFeed } from '../../src/commands/dashboard/feed.ts';
import { OlderParts } from '../../src/commands/dashboard/counting/older-parts.ts';
import type { Selection } from '../../src/reading/selection.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { followSources } from '../../src/sources/follow.ts';
import type { Portions } from '../../src/sources/tail/portions.ts';
import type { OlderPart } from '../../src/sources/source.ts';
import { domainNames } from '../../src/systems/policy-text/domain-names.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import type { System } from '../../src/systems/system.ts';
import { until } from '../until.ts';

/** The counts that a dashboard makes of a log, without the screen. */
export interface Counting {
  readonly store: Store;
  readonly traffic: () => Traffic;
  /** As the header shows it. */
  readonly state: () => string;
  /** Settles once the newest lines were read. */
  readonly newest: Promise<void>;
  /** Waits until all that is there was counted. */
  readonly live: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export interface CountingOptions {
  readonly portions?: Portions;
  readonly selection?: Selection;
  /** The built-in ones where absent. */
  readonly systems?: readonly System[];
  /** Called with each older part, before it is counted and in place of that; counts it with what it is given. */
  readonly older?: (part: OlderPart, count: (part: OlderPart) => void) => void;
}

/** Everything is large, and comes in bits. */
export const BITS: Portions = { large: 0, newest: 300, block: 700, chunk: 90 };
/** Nothing is. */
export const WHOLE: Portions = { ...BITS, large: Number.POSITIVE_INFINITY };

/** Follows a log as the dashboard does. */
export function countingOf(
  path: string,
  {
    portions = BITS,
    selection,
    systems = SYSTEMS,
    older = (part, count) => count(part),
  }: CountingOptions = {},
): Counting {
  const options = {
    isReadonly: true,
    showQueries: false,
    judging: {},
    outcomeOf: () => null,
    emptyHelp: [],
    noPolicy: '',
  };
  const store = new Store({
    state: initialState(options, null, { columns: 120, rows: 40, now: 0 }),
    traffic: new Traffic(),
    dialect: null,
    names: domainNames,
    onNewDenial: () => undefined,
    now: Date.now,
    schedule: () => () => undefined,
    runEffect: () => undefined,
  });
  const parts = new OlderParts(store.counting, {
    systems,
    selection: selection ?? null,
    thread: { choice: {}, agents: new Map(), now: 0 },
  });
  const feed = dashboardFeed(store, {
    systems,
    specs: [],
    edited: null,
    selection: selection ?? null,
    older: part => older(part, parts.add),
    onMediatorNews: () => undefined,
  });
  const following = followSources([{ type: 'path', path }], feed, { pollMs: 20, drainMs: 100, portions });
  const state = (): string => store.state.sources.map(source => source.state).join();
  const stop = async (): Promise<void> => {
    await parts.stop();
    await following.stop();
  };
  onTestFinished(stop);
  const newest = following.caughtUp;
  return {
    store,
    traffic: () => store.traffic,
    state,
    newest,
    live: () => until(() => state() === 'live'),
    stop,
  };
}
