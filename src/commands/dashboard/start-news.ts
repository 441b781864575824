import { loadCalendar } from '../../app/select/text/calendar.ts';
import type { Store } from '../../app/store.ts';
import { withAgents } from '../../reading/named-agents.ts';
import { spareMemory } from '../../reading/spare-memory.ts';
import { fleetAddress } from '../../sources/nats/fleet-address.ts';
import type { FleetFeedOptions } from './fleet/fleet-feed.ts';
import type { Places, System } from '../../systems/system.ts';
import type { Selection, SourceOptions } from '../../reading/selection.ts';
import { configPath } from '../config/config-path.ts';
import { placesOf } from '../places.ts';
import type { DashboardPorts } from './ports.ts';
import type { WatchScope } from './sources.ts';

export interface NewsOptions {
  readonly ports: DashboardPorts;
  readonly systems: readonly System[];
  /** Null where every event is wanted. */
  readonly selection: Selection | null;
  /** From what both were made, and when. */
  readonly choice: SourceOptions;
  readonly now: number;
  readonly isReadonly: boolean;
  readonly env: Places['env'];
  /** Called once lines were counted, and when all that is there was read. */
  readonly onLines: () => void;
  /** Settles when the first frame is shown: what it does not need is loaded then. */
  readonly shown: Promise<void>;
  /** Tells of a new question. */
  readonly ring: (text: string) => void;
}

type Stop = () => Promise<void>;

/** Starts all feeds of the store, and settles with their stop. Logs are read at once, for the first frame shows their newest records. */
export async function startNews(store: Store, watched: WatchScope, options: NewsOptions): Promise<Stop> {
  const stopFleet = await followFleetsPolicy(store, watched, options);
  const stops = await Promise.all([
    followLogs(store, watched, options),
    options.shown.then(() => followPolicy(store, watched, options)),
    options.shown.then(() => followChoices(store)),
  ]);
  return async () => {
    await Promise.all([...stops, stopFleet].map(stop => stop()));
    await watched.child?.stop();
  };
}

async function followLogs(
  store: Store,
  { specs: all, agents, mediators, target }: WatchScope,
  { systems: known, selection, choice, now, isReadonly, ring, ports, env, onLines, shown }: NewsOptions,
): Promise<Stop> {
  const [
    { followSources },
    { dashboardFeed },
    { OlderParts },
    { inspectSystems },
    { watchPartialLogs },
    { DashboardQuestions },
    { WindowReading },
    { keepKnown },
  ] = await Promise.all([
    import('../../sources/follow.ts'),
    import('./feed.ts'),
    import('./counting/older-parts.ts'),
    import('./system-news.ts'),
    import('./partial-log-news.ts'),
    import('./questions.ts'),
    import('./counting/window-reading.ts'),
    import('../known/keep-known.ts'),
  ]);
  void shown.then(spareMemory);
  const systems = withAgents(known, agents);
  const specs = all.filter(spec => fleetAddress(spec) === null);
  const inspecting = inspectSystems(mediators, target?.path ?? null, store);
  const partial = watchPartialLogs(systems, store);
  const { known: knownHosts } = store.state.options;
  const stopKnown = knownHosts ? await keepKnown(store, knownHosts, shown) : () => Promise.resolve();
  const older = new OlderParts(store.counting, {
    systems,
    selection,
    after: shown,
    thread: { choice, agents, now },
  });
  const questions = isReadonly ? null : new DashboardQuestions(store, ring);
  ports.questions = questions;
  const windows = new WindowReading(store, { specs, systems, agents, choice, now });
  ports.windows = windows;
  const onMediatorNews = inspecting.look;
  const following = followSources(
    specs,
    dashboardFeed(store, {
      systems,
      specs,
      selection,
      edited: target?.system ?? null,
      older: older.add,
      onPartial: partial.tell,
      onMediatorNews,
      onLines,
      onMessage: (source, message) => questions?.heard(source, message),
    }),
    { watchFrom: shown },
  );
  void following.caughtUp.then(onLines);
  const fleets = await followFleets(store, all, {
    env,
    systems,
    partial: partial.tell,
    now: Date.now,
    onCounters: counters => {
      if (ports.desk) ports.desk.counters = counters;
    },
  });
  return async () => {
    await Promise.all(fleets.map(stop => stop()));
    questions?.stop();
    inspecting.stop();
    partial.stop();
    await windows.leave();
    await older.stop();
    await following.stop();
    await stopKnown();
  };
}

/** The operator's configuration; on a machine without a home there is none. */
async function followChoices(store: Store): Promise<Stop> {
  const places = placesOf(undefined);
  const path = configPath(places);
  if (path === null) return async () => undefined;
  const { followConfig } = await import('../config/config-news.ts');
  return followConfig(store, path, places);
}

/** The policy of a fleet, where one is open. Its desk is there before the counters are. */
async function followFleetsPolicy(
  store: Store,
  { fleet }: WatchScope,
  { ports }: NewsOptions,
): Promise<Stop> {
  if (!fleet) return async () => undefined;
  const [{ FleetDesk }, { followFleetPolicy }] = await Promise.all([
    import('./fleet/fleet-desk.ts'),
    import('./fleet/fleet-policy-news.ts'),
    loadCalendar(),
  ]);
  const desk = new FleetDesk(fleet);
  ports.join(desk);
  return followFleetPolicy(desk, store);
}

/** The library of NATS is loaded with the first fleet. */
async function followFleets(
  store: Store,
  specs: WatchScope['specs'],
  options: FleetFeedOptions,
): Promise<readonly Stop[]> {
  const addresses = specs.flatMap(spec => fleetAddress(spec) ?? []);
  if (addresses.length === 0) return [];
  const { followFleet } = await import('./fleet/fleet-feed.ts');
  return addresses.map(address => followFleet(address, store, options));
}

async function followPolicy(
  store: Store,
  { target, agents }: WatchScope,
  { isReadonly, ports, systems: all }: NewsOptions,
): Promise<Stop> {
  if (!target) return async () => undefined;
  const [{ watchPolicyFile }, { keepGrants, tellGrants }] = await Promise.all([
    import('./policy-news.ts'),
    import('../policy/grant-keeper.ts'),
    loadCalendar(),
  ]);
  const onTold = (text: string): void => store.dispatch({ type: 'grant-ended', text });
  const why = isReadonly ? 'started with --readonly' : target.readOnly === undefined ? null : 'read-only';
  const grants =
    why === null ? keepGrants(target, Date.now, onTold) : tellGrants(target, Date.now, { why, onTold });
  const stop = watchPolicyFile(target, store, {
    port: ports.policyPort,
    grants,
    systems: withAgents(all, agents),
  });
  const { refresh } = target;
  if (!refresh) return stop;
  const { Repeating } = await import('../../sources/repeating.ts');
  const copying = new Repeating(() => refresh().then(() => COPY_MS), COPY_MS);
  return async () => {
    await copying.stop();
    await stop();
  };
}

/** How often a product is asked for the policy that it holds. */
const COPY_MS = 2_000;
