import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename, resolve } from 'node:path';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { childEnvironment, type MediatedAccess } from './child-environment.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { holdMediator, type HeldMediator, type HoldNews, type TrustedRoots } from './hold-mediator.ts';
import { startMediatorChild } from './mediator-child.ts';
import { type MediatorFlags, mediatorOptions, spellFlags } from './mediator-flags.ts';
import type { Confiner } from '../confine/confiners.ts';
import type { Leash } from '../confine/guards.ts';
import { leashesOf, requireGuarded } from '../confine/leashes.ts';
import type { ConfinedChild, MediatorPlace, Sandbox } from '../confine/sandbox.ts';
import { readAuthority } from '../../mediator/origin/destination.ts';
import { note } from '../output.ts';
import { writeTemporaryBundle, type TemporaryBundle } from './root-bundle.ts';
import { usualTrust } from './usual-trust.ts';

/** The flags of `run`: those of `mediator`, and who is run. */
export interface RunFlags extends MediatorFlags {
  /** How the program is called in the log; its command's name unless given. */
  readonly agent?: string;
  readonly tool?: string;
  /** `ALL_PROXY` names the mediator as SOCKS5. */
  readonly socks?: boolean;
  /** Runs it where nothing but the mediator is reached. */
  readonly confine?: true | Confiner;
  /** Records connections that go round the mediator, as far as they are seen. */
  readonly recordBypass?: boolean;
}

/** A mediator started for a program takes a free port: that of `mediator` may be wanted by one. */
const ANY_PORT = '127.0.0.1:0';
/** Runs that begin in the same moment start one mediator between them; how often one tries, and what tells that another was quicker. */
const ATTEMPTS = 5;
const SERVED = 'a mediator already serves';
/** As shells have it: found but not executable, not found, ended by a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNALLED = 128;

/** Runs a program behind the mediator that is up, else behind one started for it; returns the program's exit status (128 + n after signal n). */
export async function run(command: readonly string[], flags: RunFlags): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) throw misuse('run wants a command: egresstop run -- COMMAND');
  const options = await mediatorOptions(flags, ANY_PORT);
  if (flags.recordBypass === true) requireBypassWatch(flags);
  const leashes = await leashesOf(options);
  const sandbox = flags.confine === undefined ? null : await preparedSandbox(flags.confine, leashes);
  const news = new RunNews();
  const mediator = await joinedOrStarted(options, flags, news);
  try {
    if (sandbox) requireGuarded(mediator.hello, leashes);
    const bundle = await writeTemporaryBundle(mediator.held.trusted, await usualTrust(process.env));
    news.follow(bundle);
    const access: MediatedAccess = {
      address: mediator.address,
      agent: flags.agent ?? basename(program),
      tool: flags.tool ?? '',
      certificate: bundle.added,
      bundle: bundle.whole,
      wgetrc: bundle.wgetrc,
      socket: options.socketPath,
      isSocks: flags.socks ?? false,
    };
    try {
      return sandbox
        ? await runConfined(sandbox, command, access)
        : await runChild(program, args, {
            env: childEnvironment(access),
            started: await bypassWatch(flags, access, mediator.held),
          });
    } finally {
      await bundle.remove();
    }
  } finally {
    mediator.held.release();
    await mediator.letGo();
  }
}

/** Watches the program once it has started, where that is wanted. Returns the function that ends the watch. */
async function bypassWatch(
  flags: RunFlags,
  { address, agent, tool }: MediatedAccess,
  { tell }: HeldMediator,
): Promise<(pid: number) => () => void> {
  if (flags.recordBypass !== true) return () => () => {};
  const { watchBypass } = await import('../bypass/watch-bypass.ts');
  const mediatorPort = readPlace(address).port;
  return pid => watchBypass(pid, { mediatorPort, agent, tool: tool || null, tell });
}

/** Made before anything is started, so that nothing runs where there is none. */
async function preparedSandbox(confine: true | Confiner, leashes: readonly Leash[]): Promise<Sandbox> {
  const { prepareSandbox } = await import('../confine/prepare-sandbox.ts');
  return prepareSandbox(confine === true ? 'bwrap' : confine, leashes);
}

async function runConfined(
  sandbox: Sandbox,
  [program = '', ...args]: readonly string[],
  access: MediatedAccess,
): Promise<number> {
  const mediator = readPlace(access.address);
  const { EGRESSTOP_SOCKET: _, ...environment } = childEnvironment({
    ...access,
    address: `127.0.0.1:${mediator.port}`,
  });
  const env = { ...process.env, ...environment, EGRESSTOP_CONFINED: '1' };
  let child: ConfinedChild | null = null;
  const release = passSignals(signal => child?.signal(signal));
  child = sandbox.start({ program, args, env, port: mediator.port }, mediator);
  try {
    return await child.ended;
  } finally {
    release();
  }
}

/** The place that a mediator says it listens at. */
function readPlace(address: string): MediatorPlace {
  const read = readAuthority(address, null);
  if (read.type === 'refused') throw new Failure(`the mediator listens nowhere: ${address}`);
  return { host: read.destination.host, port: read.destination.port };
}

function requireBypassWatch({ confine }: RunFlags): void {
  if (process.platform !== 'linux') throw misuse('--record-bypass needs /proc, which Linux alone has');
  if (confine !== undefined) throw misuse('--record-bypass is for programs without --confine');
}

/** Tells the user the mediator's news while the program runs. */
class RunNews implements HoldNews {
  #bundle: TemporaryBundle | null = null;

  follow(bundle: TemporaryBundle): void {
    this.#bundle = bundle;
  }

  readonly trustChanged = (trusted: TrustedRoots): void =>
    void this.#bundle?.add(trusted).catch((error: unknown) => note(`trusted roots: ${String(error)}`));

  readonly lost = (): void => note('the mediator is gone: the program reaches nothing until it is run again');
}

/** A mediator to run behind: where it listens, the hold on it, and what ends our part in it. */
interface JoinedMediator {
  readonly address: string;
  readonly hello: MediatorHello;
  readonly held: HeldMediator;
  readonly letGo: () => Promise<void>;
}

/** The mediator that is up, else one started for us. Tries again where another run was quicker, or the mediator just ended. */
async function joinedOrStarted(
  options: MediatorOptions,
  flags: RunFlags,
  news: HoldNews,
): Promise<JoinedMediator> {
  for (let attempt = 1; ; attempt++) {
    const joined = await join(options, flags, news);
    if (joined) return joined;
    try {
      return await start(options, flags, news);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Failure) || !error.message.includes(SERVED)) throw error;
    }
  }
}

async function join(
  options: MediatorOptions,
  flags: RunFlags,
  news: HoldNews,
): Promise<JoinedMediator | null> {
  const hello = await readHello(options.socketPath);
  if (!hello) return null;
  requireSame(hello, flags);
  const held = await holdMediator(options.socketPath, news, flags.confine !== undefined);
  return held && { address: hello.listen, hello, held, letGo: async () => undefined };
}

/** Starts it in its own process, which outlives this one while other programs have joined it. */
async function start(options: MediatorOptions, flags: RunFlags, news: HoldNews): Promise<JoinedMediator> {
  const {
    agent: _,
    tool: __,
    socket: ___,
    socks: ____,
    confine: _____,
    recordBypass: ______,
    listen = ANY_PORT,
    ...rest
  } = flags;
  const child = await startMediatorChild(options.socketPath, spellFlags({ listen, ...rest }));
  const held = await holdMediator(options.socketPath, news, flags.confine !== undefined);
  if (!held) throw new Failure('the mediator ended as soon as it was started');
  return { address: child.hello.listen, hello: child.hello, held, letGo: child.stop };
}

/** Refuses flags that the mediator that is up does not have. */
function requireSame(hello: MediatorHello, flags: RunFlags): void {
  const differs =
    (flags.policy !== undefined && resolve(flags.policy) !== hello.policyPath) ||
    (flags.mode !== undefined && flags.mode !== hello.mode) ||
    !isWithin(flags, hello.flags) ||
    (flags.audit !== undefined && resolve(flags.audit) !== hello.audit) ||
    (flags.caDir !== undefined && resolve(flags.caDir) !== hello.authority) ||
    (flags.resolve ?? []).length > 0 ||
    (flags.upstreamCa ?? []).length > 0;
  if (differs)
    throw new Failure(
      `a mediator is already up on ${hello.listen} (${hello.mode}, ${hello.policyPath ?? 'no policy'}); stop it, or name another --socket to start your own`,
    );
}

const isWithin = ({ allow = [], passthrough = [] }: RunFlags, has: MediatorHello['flags']): boolean =>
  allow.every(entry => has.allow.includes(entry)) &&
  passthrough.every(entry => has.passthrough.includes(entry));

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** On a terminal these reach the program by themselves: it is in the same foreground group. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;

interface ChildStart {
  readonly env: Readonly<Record<string, string>>;
  /** Called with the process; returns what to call when it has ended. */
  readonly started: (pid: number) => () => void;
}

/** Stdio is the program's own; signals are passed on. */
function runChild(program: string, args: readonly string[], { env, started }: ChildStart): Promise<number> {
  // First: a signal that came between would end us and leave the program running. One that comes now is heard when there is a child.
  const release = passSignals(signal => child.kill(signal));
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const stopWatching = child.pid === undefined ? () => {} : started(child.pid);
  return new Promise(done => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      release();
      note(`${program}: ${error.code === 'ENOENT' ? 'command not found' : error.message}`);
      done(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE);
    });
    child.once('exit', (code, signal) => {
      release();
      stopWatching();
      done(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function passSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const fromTerminal = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) pass(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, pass);
  for (const signal of FROM_TERMINAL) process.on(signal, fromTerminal);
  return () => {
    for (const signal of PASSED_ON) process.removeListener(signal, pass);
    for (const signal of FROM_TERMINAL) process.removeListener(signal, fromTerminal);
  };
}
