import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure.ts';
import type { ConfinedChild, MediatorPlace, Sandbox } from './sandbox.ts';
import type { GuardPlan } from './guards.ts';
import type { InsideOrder } from './inside-order.ts';

/** The command that starts `srt`: Node with the package beside ours, or `srt` itself. */
type Runtime = readonly [program: string, ...args: string[]];

/** The port in srt's sandbox on Linux that leads to the proxy outside. On macOS the program uses the proxy's own port. */
const LINUX_PORT = 3128;

/** Prepares a sandbox with `@anthropic-ai/sandbox-runtime`. Throws a Failure if that is missing or does not start. */
export function prepareSrt(plan: GuardPlan): Sandbox {
  const runtime = findRuntime();
  return { start: (order, mediator) => startConfined(runtime, plan, { order, mediator }) };
}

function findRuntime(): Runtime {
  const runtime = besideUs() ?? (['srt'] as const);
  const [program, ...args] = runtime;
  const tried = spawnSync(program, [...args, '--version'], { encoding: 'utf8' });
  if (tried.status === 0) return runtime;
  throw new Failure('--confine=srt needs @anthropic-ai/sandbox-runtime', 1, {
    remedy: 'install it beside egresstop: npm install -g @anthropic-ai/sandbox-runtime',
  });
}

function besideUs(): Runtime | null {
  try {
    const main = fileURLToPath(import.meta.resolve('@anthropic-ai/sandbox-runtime'));
    const program = join(main, '..', 'cli.js');
    return existsSync(program) ? [process.execPath, program] : null;
  } catch {
    return null; // not installed
  }
}

function startConfined(
  [runtime, ...first]: Runtime,
  plan: GuardPlan,
  { order, mediator }: { readonly order: InsideOrder; readonly mediator: MediatorPlace },
): ConfinedChild {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-srt-'));
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify(settingsOf(plan, mediator.port)), { mode: 0o600 });
  // srt sets the proxy variables without the agent's name, so they are set again inside.
  const again = proxiesOf(order.env, process.platform === 'linux' ? LINUX_PORT : mediator.port);
  const command = ['--', '/usr/bin/env', ...again, order.program, ...order.args];
  const child = spawn(runtime, [...first, '--settings', settings, ...command], {
    stdio: 'inherit',
    env: order.env,
  });
  const ended = once(child, 'exit').then(([code]) => {
    rmSync(folder, { recursive: true, force: true });
    return typeof code === 'number' ? code : 1;
  });
  return { ended, signal: name => void child.kill(name) };
}

/** The settings of srt: all files except guarded ones, and all hosts through the mediator. */
const settingsOf = ({ guards }: GuardPlan, port: number): object => ({
  network: { allowedDomains: [], deniedDomains: [], httpProxyPort: port, socksProxyPort: port },
  filesystem: {
    denyRead: guards.filter(({ how }) => how === 'hidden').map(({ folder }) => folder),
    allowWrite: ['/'],
    denyWrite: guards.map(({ folder }) => folder),
  },
});

const PROXY_NAME = /^(?:https?|all|no)_proxy$/i;

const proxiesOf = (env: InsideOrder['env'], port: number): readonly string[] =>
  Object.entries(env)
    .filter(([name]) => PROXY_NAME.test(name))
    .map(([name, value = '']) => `${name}=${value.replace(/@[^@]*$/, `@localhost:${port}`)}`);
