import { basename } from 'node:path';
import { childEnvironment, type MediatedAccess } from './child-environment.ts';
import { Failure, misuse } from '../../core/failure.ts';
import type { HeldMediator, HoldNews, TrustedRoots } from './hold-mediator.ts';
import { mediatorOptions } from './mediator-flags.ts';
import type { Confiner } from '../confine/confiners.ts';
import type { MediatorFiles } from '../confine/guards.ts';
import { filesToGuard, requireGuarded } from '../confine/files-to-guard.ts';
import type { ConfinedChild, MediatorPlace, Sandbox } from '../confine/sandbox.ts';
import { readAuthority } from '../../mediator/origin/destination.ts';
import { note } from '../output.ts';
import { writeTemporaryBundle, type TemporaryBundle } from './root-bundle.ts';
import { usualTrust } from './usual-trust.ts';
import { ANY_PORT, joinedOrStarted } from './joined-mediator.ts';
import { passSignals, runChild } from './run-child.ts';
import type { RunFlags } from './run-flags.ts';

/** Runs a program behind the running mediator, or behind one that it starts. Returns the program's exit status (128 + n after signal n). */
export async function run(command: readonly string[], flags: RunFlags): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) throw misuse('run wants a command: egresstop run -- COMMAND');
  const options = await mediatorOptions(flags, ANY_PORT);
  if (flags.recordBypass === true) requireBypassWatch(flags);
  const mediators = await filesToGuard(options);
  const sandbox = flags.confine === undefined ? null : await preparedSandbox(flags.confine, mediators);
  const news = new RunNews();
  const mediator = await joinedOrStarted(options, flags, news);
  try {
    if (sandbox) requireGuarded(mediator.hello, mediators);
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

/** Makes the function that watches the started program for bypasses, if wanted. It returns a function that ends the watch. */
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

/** Makes the sandbox before anything starts. Throws a Failure if there can be none. */
async function preparedSandbox(
  confine: true | Confiner,
  mediators: readonly MediatorFiles[],
): Promise<Sandbox> {
  const { prepareSandbox } = await import('../confine/prepare-sandbox.ts');
  return prepareSandbox(confine === true ? 'bwrap' : confine, mediators);
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

/** Parses the address that a mediator reports. */
function readPlace(address: string): MediatorPlace {
  const read = readAuthority(address, null);
  if (read.type === 'refused') throw new Failure(`the mediator reports an invalid address: ${address}`);
  return { host: read.destination.host, port: read.destination.port };
}

function requireBypassWatch({ confine }: RunFlags): void {
  if (process.platform !== 'linux') throw misuse('--record-bypass needs /proc, which Linux alone has');
  if (confine !== undefined) throw misuse('--record-bypass is for programs without --confine');
}

/** Prints the mediator's news while the program runs. */
class RunNews implements HoldNews {
  #bundle: TemporaryBundle | null = null;

  follow(bundle: TemporaryBundle): void {
    this.#bundle = bundle;
  }

  readonly trustChanged = (trusted: TrustedRoots): void =>
    void this.#bundle?.add(trusted).catch((error: unknown) => note(`trusted roots: ${String(error)}`));

  readonly lost = (): void => note('the mediator is gone: the program reaches nothing until it is run again');
}
