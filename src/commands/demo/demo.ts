import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAuthority, createMinter } from '../../mediator/certificates/authority.ts';
import { agentAtWork } from './agent.ts';
import { DEMO_HOSTS, DEMO_POLICY, PAST, SCRIPT, SCRIPTS_BY_AGENT } from './script.ts';
import { startOrigins } from './origins.ts';
import { misuse } from '../../core/failure.ts';
import { readHello } from '../../systems/egresstop/log/read-hello.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { placesOf } from '../places.ts';
import type { ThemeOptions } from '../dashboard/watch-options.ts';
import { startMediatorChild } from '../mediator/mediator-child.ts';

export interface DemoOptions extends ThemeOptions {
  /** Whether the mediator asks about unlisted hosts. */
  readonly ask?: boolean;
}

/**
 * Runs the dashboard with real traffic: a scripted agent sends requests to origins on loopback through a mediator in its own process. All
 * files are in a folder that is removed at the end. No file, certificate or policy of the user is touched.
 */
export async function demo(options: DemoOptions): Promise<number> {
  if (!process.stdout.isTTY) throw misuse('the demo is a dashboard: it needs a terminal');
  const folder = await mkdtemp(join(tmpdir(), 'egresstop-demo-'));
  const own = ownEnvironment(folder);
  const sweep = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', sweep); // also after a signal
  const authority = await createAuthority(Date.now());
  const origins = await startOrigins(await createMinter(authority));
  const files = {
    policy: join(folder, 'policy.yaml'),
    audit: join(folder, 'audit.jsonl'),
    socket: ownFiles(placesOf(undefined), process.getuid?.()).socket,
    roots: join(folder, 'origins.pem'),
  };
  await Promise.all([writeFile(files.policy, DEMO_POLICY), writeFile(files.roots, authority.certificate)]);
  const pins = DEMO_HOSTS.flatMap(host => ['--resolve', `${host}:443:127.0.0.1:${origins.port}`]);
  const mediator = await startMediatorChild(files.socket, [
    '--listen',
    '127.0.0.1:0',
    '--mode',
    options.ask ? 'ask' : 'strict',
    '--policy',
    files.policy,
    '--audit',
    files.audit,
    '--upstream-ca',
    files.roots,
    ...pins,
  ]);
  const trusted = await readFile(join(folder, 'data', 'egresstop', 'ca.pem'), 'utf8');
  const scripts = options.ask ? SCRIPTS_BY_AGENT : [SCRIPT];
  const agents = scripts.map(script =>
    agentAtWork({
      proxy: mediator.hello.listen,
      trusted: [trusted, authority.certificate],
      pinned: authority.certificate,
      script,
      patienceMs: options.ask ? ASKED_PATIENCE_MS : PATIENCE_MS,
      begin: stopped => (options.ask ? operatorAt(files.socket, stopped) : Promise.resolve()),
    }),
  );
  const { ask: _, ...colours } = options;
  try {
    const { addKnown } = await import('../known/known-file.ts');
    await addKnown(PAST);
    const { dashboard } = await import('../dashboard/dashboard.ts');
    return await dashboard([files.audit, `unix:${files.socket}`], {
      ...colours,
      policy: files.policy,
      notify: 'off',
    });
  } finally {
    for (const agent of agents) agent.stop();
    await mediator.stop();
    await origins.stop();
    restore(own);
    process.off('exit', sweep);
    sweep();
  }
}

/** How long an agent waits for a response, in ms. It waits longer where a person must answer. */
const PATIENCE_MS = 5_000;
const ASKED_PATIENCE_MS = 20_000;

/** The interval at which the mediator is asked whether an operator is connected, in ms. */
const LOOK_MS = 100;

/** Waits until an operator can answer the mediator's questions, or the signal aborts. */
async function operatorAt(socket: string, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted && !(await readHello(socket))?.operators) await pause(LOOK_MS);
}

const VARIABLES = ['XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'] as const;
type Environment = Readonly<Record<string, string | undefined>>;

/** Sets the environment so that journal, authority and socket are in the demo's folder. Returns the old environment. */
function ownEnvironment(folder: string): Environment {
  const before = Object.fromEntries(VARIABLES.map(name => [name, process.env[name]]));
  process.env['XDG_DATA_HOME'] = join(folder, 'data');
  process.env['XDG_STATE_HOME'] = join(folder, 'state');
  process.env['XDG_RUNTIME_DIR'] = folder;
  return before;
}

function restore(environment: Environment): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
