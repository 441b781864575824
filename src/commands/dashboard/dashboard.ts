import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { Alarm } from '../../app/alarm.ts';
import { effectRunner } from '../../app/run.ts';
import { initialState } from '../../app/state.ts';
import { isTickDue } from '../../app/tick.ts';
import { unreadPolicy } from '../../app/state/policy-state.ts';
import { Store } from '../../app/store.ts';
import { Traffic } from '../../core/traffic.ts';
import { followSources } from '../../sources/follow.ts';
import { domainNames } from '../../systems/domain-names.ts';
import type { Places, System } from '../../systems/system.ts';
import { eventSelection, selects, systemsFor } from '../common-options.ts';
import { dashboardFeed } from './feed.ts';
import { OlderParts } from './older-parts.ts';
import { DashboardPorts } from './ports.ts';
import { watchedBy, type Watched } from './sources.ts';
import { misuse } from '../failure.ts';
import { keepGrants } from '../policy/grant-keeper.ts';
import { loadScreen } from './load-screen.ts';
import { watchPartialLogs } from './partial-log-news.ts';
import { placesOf } from '../places.ts';
import { watchPolicyFile } from './policy-news.ts';
import { inspectSystems } from './system-news.ts';
import { noticeSequence } from './terminal-bell.ts';
import { onFatal } from './terminal-signals.ts';
import type { WatchCommandOptions } from './watch.ts';

/** How often it is asked whether time alone changes what is shown. */
const TICK_MS = 1_000;

/** Runs the dashboard until it is left; returns the exit code. The terminal is given back however it ends. */
export async function dashboard(args: readonly string[], options: WatchCommandOptions): Promise<number> {
  const places = placesOf(options.stateDir);
  const systems = systemsFor(options.system);
  const isSelected = eventSelection(options, Date.now());
  const isSelective = selects(options);
  const [watched, { openScreen, theme }] = await Promise.all([
    watchedBy(args, options, places, systems),
    loadScreen(options.theme, options.color === false),
  ]);
  const stdin = watched.specs.some(spec => spec.type === 'stdin') ? controllingTerminal() : process.stdin;
  if (!stdin.isTTY) throw misuse('standard input is no terminal: give - as a SOURCE to read it');
  const ports = new DashboardPorts(watched.target);
  const alarm = new Alarm({ ring: ringing(options), schedule });
  const store = storeOf(watched, options, ports, alarm);
  const screen = openScreen(store, theme, { stdin, stdout: process.stdout });
  ports.screen = screen;
  const undoFatal = onFatal(screen);
  const stop = startNews(store, ports, watched, {
    systems,
    places,
    isSelected,
    isSelective,
    isReadonly: options.readonly === true,
  });
  try {
    await screen.closed;
    return 0;
  } finally {
    screen.close();
    alarm.stop();
    await stop();
    undoFatal();
    if (stdin !== process.stdin) stdin.destroy();
  }
}

function storeOf(
  { target, judging, emptyHelp }: Watched,
  options: WatchCommandOptions,
  ports: DashboardPorts,
  alarm: Alarm,
): Store {
  const settled = {
    isReadonly: options.readonly === true,
    showQueries: options.showQueries === true,
    judging,
    emptyHelp,
  };
  const policy = target && unreadPolicy(target.shownPath, target.dialect.name, target.dialect.matchers);
  const store = new Store({
    state: initialState(settled, policy, process.stdout, Date.now()),
    traffic: new Traffic(),
    dialect: target?.dialect ?? null,
    names: domainNames,
    onNewDenial: alarm.denied,
    now: Date.now,
    schedule,
    runEffect: effectRunner(ports.of(judging)),
  });
  ports.store = store;
  return store;
}

/** Written past the screen, as all that is no picture. */
function ringing({ notify = 'bell', bell }: WatchCommandOptions): (text: string) => void {
  const way = bell === false ? 'off' : notify;
  return text => void process.stdout.write(noticeSequence(way, text, process.env));
}

interface NewsOptions {
  readonly systems: readonly System[];
  readonly places: Places;
  readonly isSelected: Parameters<typeof dashboardFeed>[1]['isSelected'];
  readonly isSelective: boolean;
  readonly isReadonly: boolean;
}

/** Starts everything that tells the store something; returns what stops it all. */
function startNews(
  store: Store,
  ports: DashboardPorts,
  { target, specs, child }: Watched,
  { systems, places, isSelected, isSelective, isReadonly }: NewsOptions,
): () => Promise<void> {
  const tell = (text: string): void => store.dispatch({ type: 'noticed', notice: { text, tone: 'warn' } });
  process.stdout.on('resize', ports.resized);
  const tick = (): void => {
    const now = Date.now();
    if (isTickDue(store.state, now)) store.dispatch({ type: 'ticked', now });
  };
  const ticking = setInterval(tick, TICK_MS);
  const grants = target && !isReadonly ? keepGrants(target, Date.now, tell) : null;
  const stopFile = target ? watchPolicyFile(target, store, ports.policyPort, grants) : null;
  const inspecting = inspectSystems(systems, places, store);
  const stopPartial = watchPartialLogs(systems, store);
  const older = new OlderParts(store, { systems, isSelected: isSelective ? isSelected : null });
  const onMediatorNews = inspecting.look;
  const following = followSources(
    specs,
    dashboardFeed(store, { systems, specs, isSelected, older: older.add, onMediatorNews }),
  );
  return async () => {
    clearInterval(ticking);
    process.stdout.off('resize', ports.resized);
    inspecting.stop();
    stopPartial();
    await older.stop();
    await Promise.all([following.stop(), stopFile?.(), child?.stop()]);
  };
}

function schedule(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}

/** Where the log comes through stdin, keys come from the terminal itself. */
function controllingTerminal(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw misuse('standard input is the log, and there is no terminal to read keys from');
  }
}
