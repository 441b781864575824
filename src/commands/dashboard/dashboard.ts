import { openSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { ReadStream } from 'node:tty';
import { setTimeout as pause } from 'node:timers/promises';
import { Alarm } from '../../app/alarm.ts';
import { effectRunner } from '../../app/perform-effects.ts';
import { initialState } from '../../app/state/state.ts';
import { preferring } from '../../app/state/preferences.ts';
import { isTickDue } from '../../app/tick.ts';
import { unreadPolicy } from '../../app/state/policy-state.ts';
import { keyFor } from '../../app/keys/key-bindings.ts';
import { Store } from '../../app/store.ts';
import { KnownHosts } from '../../core/known/known-hosts.ts';
import { Traffic } from '../../core/traffic/traffic.ts';
import { domainNames } from '../../systems/policy-text/domain-names.ts';
import { plural } from '../../core/grouped.ts';
import type { EgressEvent } from '../../core/event.ts';
import {
  choiceOf,
  policySystem,
  refuseSelectionOfSums,
  selectionOf,
  systemsFor,
} from '../../reading/selection.ts';
import { SYSTEMS } from '../../systems/index.ts';
import { isFirstStart } from '../config/first-start.ts';
import { DashboardPorts } from './ports.ts';
import { watchedBy, type WatchScope } from './sources.ts';
import { misuse } from '../../core/failure.ts';
import { loadScreen } from './load-screen.ts';
import { startNews } from './start-news.ts';
import { placesOf } from '../places.ts';
import { noticeSequence } from './terminal-bell.ts';
import { onFatal } from './terminal-signals.ts';
import { readOnlyOf } from '../policy/policy-target.ts';
import { showFirstFrame } from '../../ui/first-frame.ts';
import type { Screen, ThemeChoice } from '../../ui/screen.tsx';
import { chooseTheme, isThemeOpen, themeOf, withLooks } from '../../ui/theme.ts';
import type { WatchOptions } from './watch-options.ts';

/** How often the dashboard checks whether time alone changes the screen. */
const TICK_MS = 1_000;
/** A size that holds this long is taken as final. */
const RESIZED_MS = 60;

/** The first frame waits so long for the first lines of a log. A log of any size gives them sooner, but not on a machine that is busy. */
const FIRST_LINES_MS = 400;

/** So long after the start the screen warms up. Without it the first dialog would come 50 ms later. */
const WARM_MS = 500;

/** So long after the start its compiled functions are kept. Not together with the other: a key would wait for both. */
const KEEP_MS = 1_000;

/** Runs the dashboard until the operator leaves it. Returns the exit code; always restores the terminal. */
export async function dashboard(args: readonly string[], options: WatchOptions): Promise<number> {
  const places = placesOf(options.stateDir, options);
  const systems = systemsFor(options);
  const now = Date.now();
  const selection = selectionOf(options, now);
  const watched = await watchedBy(args, forPolicy(options), { places, systems });
  refuseSelectionOfSums(watched.specs, options);
  const stdin = watched.specs.some(spec => spec.type === 'stdin') ? controllingTerminal() : process.stdin;
  if (!stdin.isTTY) throw misuse('standard input is no terminal: give - as a SOURCE to read it');
  const ports = new DashboardPorts(watched.target, watched.fleet);
  const alarm = new Alarm({ ring: ringing(options), schedule });
  const newHosts = new Alarm({ ring: ringing(options), word: 'never seen', schedule });
  const store = storeOf(watched, options, { ports, alarm, newHosts });
  tellMistakes(store, options);
  const [lines, shown] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const news = startNews(store, watched, {
    ports,
    systems,
    selection,
    choice: choiceOf(options),
    now,
    isReadonly: options.readonly === true,
    env: places.env,
    onLines: lines.resolve,
    shown: shown.promise,
    ring: ringing(options),
  });
  let open: Pick<Screen, 'close'> | null = null;
  const close = (): void => open?.close();
  const undoFatal = onFatal({ close });
  const stopTerminal = watchTerminal(store, ports);
  try {
    await Promise.race([lines.promise, pause(FIRST_LINES_MS)]);
    const themes = themeFor(options);
    const terminal = { stdin, stdout: process.stdout };
    const first = showFirstFrame(store.view(), themes.theme, terminal);
    open = first;
    shown.resolve();
    const openScreen = await loadScreen();
    const screen = openScreen(store, themes, { ...terminal, isEntered: first !== null });
    open = screen;
    ports.screen = screen;
    if (store.state.isMouseOn) screen.setMouse(true);
    setTimeout(screen.warmUp, WARM_MS).unref();
    setTimeout(keepCompiled, KEEP_MS).unref();
    await screen.closed;
    return 0;
  } finally {
    close();
    alarm.stop();
    newHosts.stop();
    stopTerminal();
    shown.resolve();
    await (
      await news
    )();
    undoFatal();
    if (stdin !== process.stdin) stdin.destroy();
  }
}

/**
 * Keeps the compiled functions of the start for the next one. At the end V8 has dropped those that ran once, and a program that is killed
 * would keep none.
 */
function keepCompiled(): void {
  if ('flushCompileCache' in nodeModule) nodeModule.flushCompileCache(); // Node 22.10 or newer
}

/** The theme that the operator chose; one of their own has no colours where none are wanted. Where they chose none, the terminal is asked. */
function themeFor({ theme: asked, customTheme: custom, color }: WatchOptions): ThemeChoice {
  const wanted = custom ? 'dark' : asked;
  const given = [wanted, process.env, color === false] as const;
  const name = chooseTheme(...given);
  const theme = custom !== undefined && name !== 'plain' ? withLooks(custom) : themeOf(name);
  return { theme, onLight: isThemeOpen(...given) ? themeOf('light') : null };
}

function tellMistakes(store: Store, { startProblems: mistakes = [] }: WatchOptions): void {
  for (const problem of mistakes) store.counting.addProblem(problem);
  if (mistakes.length === 0) return;
  const text = `${plural(mistakes.length, 'problem')} in configuration and maps: ${keyFor(store.state, 'problems')} lists them`;
  store.dispatch({ type: 'noticed', notice: { text, tone: 'warn' } });
}

/** The flags where they speak of a policy: `--system` may name a map of logs, which has none. */
const forPolicy = ({ system, ...options }: WatchOptions): WatchOptions => ({
  ...options,
  ...policySystem({ ...options, ...(system === undefined ? {} : { system }) }),
});

/** How an action ended, as the system of its record tells it. */
const outcomeOf = (event: EgressEvent): string | null =>
  SYSTEMS.find(({ name }) => name === event.system)?.outcome?.(event) ?? null;

interface StoreOutside {
  readonly ports: DashboardPorts;
  readonly alarm: Alarm;
  /** Rings for hosts that are new to their agent. */
  readonly newHosts: Alarm;
}

function storeOf(
  { target, fleet, judging, emptyHelp, noPolicy, discovered }: WatchScope,
  options: WatchOptions,
  { ports, alarm, newHosts }: StoreOutside,
): Store {
  const settled = {
    isReadonly: options.readonly === true,
    showQueries: options.showQueries === true,
    judging,
    outcomeOf,
    known: new KnownHosts(),
    emptyHelp,
    noPolicy,
    discovered,
    ...(target?.takeUp === undefined ? {} : { takesUpBy: target.takeUp.shown }),
  };
  const open = target ?? fleet;
  const policy = open && {
    ...unreadPolicy(open.shownPath, open.dialect.name, open.dialect.matchers),
    ...readOnlyOf(open),
  };
  const store = new Store({
    state: preferring(
      initialState(settled, policy, {
        columns: process.stdout.columns,
        rows: process.stdout.rows,
        now: Date.now(),
      }),
      { ...options.preferences, isFirstStart: isFirstStart(placesOf(options.stateDir)) },
    ),
    traffic: new Traffic(),
    dialect: open?.dialect ?? null,
    names: domainNames,
    onNewDenial: alarm.hear,
    ...(options.notify === 'new' ? { onNewHost: newHosts.hear } : {}),
    now: Date.now,
    schedule,
    runEffect: effectRunner(ports.of(judging)),
  });
  ports.store = store;
  return store;
}

/** Writes the notice to the terminal, past the screen. */
function ringing({ notify = 'bell', bell }: WatchOptions): (text: string) => void {
  const way = bell === false ? 'off' : notify;
  return text => void process.stdout.write(noticeSequence(way, text, process.env));
}

/** Follows the size of the terminal and the time. Returns the function that stops it. */
function watchTerminal(store: Store, ports: DashboardPorts): () => void {
  const tick = (): void => {
    const now = Date.now();
    if (isTickDue(store.state, now)) store.dispatch({ type: 'ticked', now });
  };
  const ticking = setInterval(tick, TICK_MS);
  process.stdout.on('resize', ports.resized);
  const repainting = repaintWhenSettled(ports);
  process.on('SIGWINCH', repainting.soon);
  return () => {
    clearInterval(ticking);
    process.stdout.off('resize', ports.resized);
    process.off('SIGWINCH', repainting.soon);
    repainting.stop();
  };
}

/**
 * Repaints after every resize. A short resize cuts the picture, but Node reports only sizes that differ from the last, and Ink
 * redraws only rows that changed.
 */
function repaintWhenSettled(ports: DashboardPorts): { readonly soon: () => void; readonly stop: () => void } {
  let cancel = (): void => undefined;
  const soon = (): void => {
    cancel();
    cancel = schedule(() => ports.screen?.repaint(), RESIZED_MS);
  };
  return { soon, stop: () => cancel() };
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
