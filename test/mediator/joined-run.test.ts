import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readHello } from '../../src/systems/egresstop/log/read-hello.ts';
import { until } from '../until.ts';
import { startVerb } from './verb-process.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const socket = (): string => join(world.folder, 'egresstop', 'mediator.sock');

/** A verb in a process of its own, all its files in the world's folder; what it said so far. */
function start(verb: string, flags: object, ...command: readonly string[]) {
  const child = startVerb(world, { verb, flags, command });
  const said = { out: '', err: '' };
  child.stdout.on('data', chunk => (said.out += String(chunk)));
  child.stderr.on('data', chunk => (said.err += String(chunk)));
  return Object.assign(child, { said });
}

/** Two programs start before the command does; on a busy machine each takes many seconds. */
const START_WITHIN_MS = 60_000;
/** Several starts follow one another in one test. */
vi.setConfig({ testTimeout: 4 * START_WITHIN_MS });

type Started = ReturnType<typeof start>;

/** Asks the host for every line typed, with a curl of its own each time. */
const ASKING =
  'echo ready; while read host; do curl -s --max-time 5 "https://$host/" || echo "failed $?"; done';

async function asking(flags: object): Promise<Started> {
  const child = start('run', flags, 'sh', '-c', ASKING);
  await until(() => child.said.out.includes('ready\n'), {
    deadlineMs: START_WITHIN_MS,
    describe: () => `the program behind run to begin; run wrote: ${child.said.err}`,
  });
  return child;
}

async function ask(child: Started, host: string): Promise<string> {
  child.said.out = '';
  child.stdin.write(`${host}\n`);
  return until(() => child.said.out);
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.stdin?.end();
  await closed;
}

/** Two origins behind a private authority that the first run alone is told of. */
async function flags(): Promise<object> {
  const answer = (name: string) => world.https(`${name}.example`, (_, response) => response.end(`${name}\n`));
  const [api, pinned] = [await answer('api'), await answer('pinned')];
  world.writePolicy('allow:\n  - api.example\npassthrough:\n  - pinned.example\n');
  const roots = join(world.folder, 'origin-ca.pem');
  writeFileSync(roots, (await world.originRoot()).certificate);
  return {
    policy: world.policyPath,
    resolve: [`api.example:127.0.0.1:${api}`, `pinned.example:127.0.0.1:${pinned}`],
    upstreamCa: [roots],
  };
}

const isGone = async (): Promise<boolean> => (await readHello(socket())) === null;

describe('a mediator that one run started and another joined', () => {
  it('outlives the run that started it, and ends with the last', async () => {
    const first = await asking(await flags());
    const second = await asking({});
    await end(first);
    expect(await ask(second, 'api.example')).toBe('api\n');
    await end(second);
    await until(isGone);
  });

  it('outlives a starter that is killed, and ends also when the joined one is', async () => {
    const first = await asking(await flags());
    const second = await asking({});
    first.kill('SIGKILL');
    await once(first, 'close');
    expect(await ask(second, 'api.example')).toBe('api\n');
    second.kill('SIGKILL');
    await until(isGone);
  });

  it('two runs that begin at the same moment share one mediator', async () => {
    const { resolve: _, upstreamCa: __, ...plain } = (await flags()) as Record<string, unknown>;
    const both = await Promise.all([asking(plain), asking(plain)]);
    await until(async () => (await readHello(socket()))?.holders === 2, {
      describe: 'one mediator with two holders',
    });
    await Promise.all(both.map(end));
    await until(isGone);
  });

  it('tells the joined run whom to trust: its authority, and its own extra roots for what passes through', async () => {
    const first = await asking(await flags());
    const second = await asking({});
    expect(await ask(second, 'pinned.example')).toBe('pinned\n');
    const node = `fetch('https://pinned.example/').then(a => a.text()).then(t => process.stdout.write(t))`;
    const third = start('run', {}, process.execPath, '-e', node);
    await once(third, 'close');
    expect(third.said.out).toBe('pinned\n');
    await end(second);
    await end(first);
  });

  it('that is killed leaves its programs without a way out, and they are told', async () => {
    const first = await asking(await flags());
    const { pid } = (await readHello(socket())) ?? {};
    if (!pid) throw new Error('the mediator did not say who it is');
    process.kill(pid, 'SIGKILL'); // never 0, which is all of us
    await until(() => first.said.err.includes('the mediator is gone'));
    expect(await ask(first, 'api.example')).toMatch(/^failed (7|35|52|56)\n$/); // could not connect; or was cut off, while the system closes one socket after the other
    await end(first);
  });
});

describe('the command line itself', () => {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const xdg = ['XDG_RUNTIME_DIR', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'];
  const env = () => ({ ...process.env, ...Object.fromEntries(xdg.map(name => [name, world.folder])) });

  it.each([
    [[]],
    [['--no-intercept', '--keep-tunnels', '--log-queries', '--max-bytes', '1M', '--mode', 'guarded']],
  ])('run %j hands its flags on to the mediator that it starts', async flags => {
    const child = spawn(process.execPath, [cli, 'run', ...flags, '--', 'sh', '-c', 'echo "$HTTPS_PROXY"'], {
      env: env(),
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', chunk => (said.out += String(chunk)));
    child.stderr.on('data', chunk => (said.err += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said.out, said.err]).toEqual([0, expect.stringMatching(/^http:\/\/sh:-@127/), '']);
  });
});

describe('ca', () => {
  const ca = async (verb: string, options = {}): Promise<Started> => {
    const child = start('ca', options, verb);
    await once(child, 'close');
    return child;
  };

  it('rotate is refused while a mediator is up; forced, what the programs behind it start next trusts the new authority too', async () => {
    const first = await asking(await flags());
    const before = (await ca('print')).said.out;
    const refused = await ca('rotate');
    expect([refused.exitCode, refused.said.err]).toEqual([1, expect.stringContaining('--force')]);
    expect((await ca('print')).said.out).toBe(before);
    const forced = await ca('rotate', { force: true });
    expect([forced.exitCode, forced.said.err]).toEqual([
      0,
      expect.stringContaining('until they are restarted'),
    ]);
    const after = (await ca('print')).said.out;
    expect(after).not.toBe(before);
    expect(await ask(first, 'api.example')).toBe('api\n');
    expect(readFileSync(join(world.folder, 'egresstop', 'audit.jsonl'), 'utf8')).toContain(
      'egress_authority_changed',
    );
    await end(first);
  });

  it('path and print make an authority on first use, and the same one after', async () => {
    const path = (await ca('path')).said.out.trim();
    const text = readFileSync(path, 'utf8');
    expect((await ca('print')).said.out).toBe(text);
  });
});
