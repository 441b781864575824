import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunFlags } from '../../src/commands/mediator/run-flags.ts';
import type { World } from './world.ts';

/** Starts one verb of the built program: `node VERB_PROGRAM VERB FLAGS COMMAND…`; FLAGS is JSON. */
export const VERB_PROGRAM = fileURLToPath(new URL('run-program.ts', import.meta.url));

/** The output of a process, and its exit code. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A verb to start in a process of its own. */
export interface VerbRun {
  readonly verb: string;
  readonly flags: object;
  readonly command?: readonly string[];
  /** Variables beside those of the test. */
  readonly env?: object;
}

/** Starts a verb with all its files in the world's folder. It is killed with the world at the latest. */
export function startVerb(
  world: World,
  { verb, flags, command = [], env = {} }: VerbRun,
): ChildProcessWithoutNullStreams {
  const xdg = ['XDG_RUNTIME_DIR', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'];
  const child = spawn(process.execPath, [VERB_PROGRAM, verb, JSON.stringify(flags), ...command], {
    env: { ...process.env, ...Object.fromEntries(xdg.map(name => [name, world.folder])), ...env },
  });
  world.atEnd(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits for the end of a process, and gathers what it says until then. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', chunk => (out += String(chunk)));
  child.stderr?.on('data', chunk => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** The policy that the flags of `originsWith` name: one host is allowed, one passes through. */
export const POLICY = 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n';

/** The origins of a run: its policy's text, and where their names lie. */
export interface Origins {
  readonly policy: string;
  readonly pins: readonly string[];
}

/** Flags for a world with these origins, their authority trusted upstream. */
export async function flagsFor(world: World, origins: Origins, rest: RunFlags = {}): Promise<RunFlags> {
  world.writePolicy(origins.policy);
  const roots = join(world.folder, 'origin-ca.pem');
  writeFileSync(roots, (await world.originRoot()).certificate);
  return {
    policy: world.policyPath,
    audit: join(world.folder, 'audit.jsonl'),
    resolve: origins.pins,
    upstreamCa: [roots],
    ...rest,
  };
}

/** Flags for `api.example`, which is allowed and answers with its path, and `pinned.example`, which passes through. */
export async function originsWith(world: World, rest: RunFlags = {}): Promise<RunFlags> {
  const api = await world.https('api.example', (request, response) => {
    request.resume();
    response.end(`api answers ${request.url}\n`);
  });
  const pinned = await world.https('pinned.example', (_, response) => response.end('pinned answers\n'));
  const pins = [`api.example:127.0.0.1:${api}`, `pinned.example:127.0.0.1:${pinned}`];
  return flagsFor(world, { policy: POLICY, pins }, { mode: 'strict', ...rest });
}
