import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { effectRunner, type Ports } from '../app/run.ts';
import { initialState, unreadPolicy, type Options } from '../app/state.ts';
import { Store } from '../app/store.ts';
import { Traffic } from '../core/traffic.ts';
import type { Screen } from '../ui/screen.tsx';
import { nameOf } from '../sources/expand.ts';
import { followSources } from '../sources/follow.ts';
import { eventSelection, systemsFor } from './common-options.ts';
import { copyToTerminal } from './clipboard.ts';
import { dashboardFeed } from './dashboard-feed.ts';
import { editorPort } from './editor.ts';
import { misuse } from './failure.ts';
import { keepGrants } from './grant-keeper.ts';
import { placesOf } from './places.ts';
import { PolicyPort } from './policy-port.ts';
import { policyTarget, type PolicyTarget } from './policy-target.ts';
import { watchPolicyFile } from './policy-news.ts';
import { resolveSources } from './resolve-sources.ts';
import { inspectSystems } from './system-news.ts';
import { onFatal, suspendProcess } from './terminal-signals.ts';
import type { WatchCommandOptions } from './watch.ts';

/** The clock's tick: what the screen says of time is told in minutes. */
const TICK_MS = 15_000;

/** Runs the dashboard until it is left; returns the exit code. The terminal is given back however it ends. */
export async function dashboard(args: readonly string[], options: WatchCommandOptions): Promise<number> {
  const places = placesOf(options.stateDir);
  const systems = systemsFor(options.system);
  const resolved = await resolveSources(args, places);
  const target = options.policy === undefined ? null : policyTarget(options.policy, options.system);
  const usesStdin = resolved.specs.some(spec => spec.type === 'stdin');
  const stdin = usesStdin ? controllingTerminal() : process.stdin;
  if (!stdin.isTTY) throw misuse('standard input is no terminal: give - as a SOURCE to read it');
  const isSelected = eventSelection(options, Date.now());
  const { openScreen, theme } = await loadScreen(options);

  const session = new Session(target);
  const store = new Store({
    state: initialState(
      optionsOf(options, resolved.specs.map(nameOf)),
      target && unreadPolicy(target.shownPath, target.dialect.name),
      process.stdout,
      Date.now(),
    ),
    traffic: new Traffic(),
    dialect: target?.dialect ?? null,
    now: Date.now,
    schedule,
    runEffect: effectRunner(session.ports(options, () => store)),
  });
  const screen = openScreen(store, theme, { stdin, stdout: process.stdout });
  session.screen = screen;
  const undoFatal = onFatal(screen);
  const resized = (): void =>
    store.dispatch({ type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows });
  process.stdout.on('resize', resized);
  const ticking = setInterval(() => store.dispatch({ type: 'ticked', now: Date.now() }), TICK_MS);
  const stopFile = target
    ? watchPolicyFile(
        target,
        store,
        session.policyPort,
        options.readonly === true
          ? null
          : keepGrants(target, Date.now, text =>
              store.dispatch({ type: 'noticed', notice: { text, tone: 'warn' } }),
            ),
      )
    : null;
  const stopInspecting = inspectSystems(systems, places, store);
  const following = followSources(resolved.specs, dashboardFeed(store, systems, isSelected));
  try {
    await screen.closed;
    return 0;
  } finally {
    screen.close();
    clearInterval(ticking);
    process.stdout.off('resize', resized);
    stopInspecting();
    await Promise.all([following.stop(), stopFile?.()]);
    undoFatal();
    if (stdin !== process.stdin) stdin.destroy();
  }
}

/** What effects act on: the policy file, and the screen once it is open. */
class Session {
  screen: Screen | null = null;
  readonly #target: PolicyTarget | null;
  readonly policyPort: PolicyPort | null;

  constructor(target: PolicyTarget | null) {
    this.#target = target;
    this.policyPort = target && new PolicyPort(target, Date.now);
  }

  ports(options: WatchCommandOptions, store: () => Store): Ports {
    const none = async (): Promise<{ readonly type: 'refused'; readonly why: string }> => ({
      type: 'refused',
      why: 'no policy file is open',
    });
    return {
      now: Date.now,
      mode: options.mode ?? 'strict',
      advice: this.#target?.system.activation.advice ?? '',
      covers: this.#target?.dialect.covers ?? (() => false),
      planEdit: this.policyPort?.plan ?? none,
      writeEdit: this.policyPort?.write ?? none,
      undoEdit: this.policyPort?.undo ?? none,
      openEditor: editorPort(
        this.#target?.path ?? null,
        work => this.screen?.lend(work) ?? Promise.resolve(),
      ),
      copy: text => copyToTerminal(text, process.stdout),
      setMouse: isOn => this.screen?.setMouse(isOn),
      redraw: () => this.screen?.redraw(),
      suspend: () =>
        void this.screen
          ?.lend(suspendProcess)
          .then(() =>
            store().dispatch({ type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows }),
          ),
      quit: () => this.screen?.close(),
    };
  }
}

function schedule(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}

/** Ink and React are loaded here and nowhere else, React in its production build: the development build costs twice as much. */
async function loadScreen(options: WatchCommandOptions) {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  const [{ openScreen }, { chooseTheme, themeOf }] = await Promise.all([
    import('../ui/screen.tsx'),
    import('../ui/theme.ts'),
  ]);
  // programs that we start must not inherit it
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  return {
    openScreen,
    theme: themeOf(
      chooseTheme(options.theme ?? process.env['EGRESSTOP_THEME'], process.env, options.color === false),
    ),
  };
}

/** Where the log comes through stdin, keys come from the terminal itself. */
function controllingTerminal(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw misuse('standard input is the log, and there is no terminal to read keys from');
  }
}

function optionsOf(options: WatchCommandOptions, sources: readonly string[]): Options {
  return {
    isReadonly: options.readonly === true,
    showQueries: options.showQueries === true,
    mode: options.mode ?? 'strict',
    emptyHelp: emptyHelp(sources),
  };
}

/** What an operator can do while there is nothing to see. */
function emptyHelp(sources: readonly string[]): readonly string[] {
  if (sources.length > 0)
    return [
      'Watching:',
      ...sources.slice(0, 8).map(source => `  ${source}`),
      '',
      'Lines appear here as soon as they are written.',
    ];
  return [
    'Nothing was discovered: no microagent workspace under ~/.microagent, no zeph configuration that names an audit file.',
    '',
    'Name a log:      egresstop path/to/audit.jsonl --policy policy.yaml',
    'a folder, a glob or a socket:   egresstop logs/   egresstop "logs/*.jsonl"   egresstop unix:/run/audit.sock',
    'or pipe one:     tail -F audit.jsonl | egresstop -',
  ];
}
