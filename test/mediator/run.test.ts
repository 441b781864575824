import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunFlags } from '../../src/commands/mediator/run-flags.ts';
import { until } from '../until.ts';
import { ended, flagsFor, originsWith, POLICY, startVerb, type Ended } from './verb-process.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** Two programs start before the command does; on a busy machine each takes many seconds. */
const START_WITHIN_MS = 60_000;
vi.setConfig({ testTimeout: 2 * START_WITHIN_MS });

const start = (flags: RunFlags, command: readonly string[], env: object = {}) =>
  startVerb(world, { verb: 'run', flags, command, env });
const run = (flags: RunFlags, command: readonly string[], env: object = {}): Promise<Ended> =>
  ended(start(flags, command, env));

describe('curl behind run', () => {
  it('curl behind run is intercepted where allowed: the issuer is ours', async () => {
    const ran = await run(await originsWith(world, { agent: 'research', tool: 'bash' }), [
      'curl',
      '-sv',
      'https://api.example/x',
    ]);
    expect(ran).toMatchObject({ code: 0, out: 'api answers /x\n' });
    expect(ran.err).toMatch(/issuer: .*O=egresstop/);
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'research', tool: 'bash', mitm: true });
  });

  it('passes through where it is pinned: the issuer is the origin’s', async () => {
    const ran = await run(await originsWith(world), ['curl', '-sv', 'https://pinned.example/']);
    expect(ran).toMatchObject({ code: 0, out: 'pinned answers\n' });
    const issuer = /CN=(egresstop local authority \w+)/.exec(ran.err)?.[1];
    const ours = readFileSync(join(world.folder, 'egresstop', 'ca.pem'), 'utf8');
    expect(new X509Certificate((await world.originRoot()).certificate).subject).toContain(issuer);
    expect(new X509Certificate(ours).subject).not.toContain(issuer);
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'curl', interception: 'passthrough' });
  });

  it('curl behind run is denied where no entry lists the host, and is told why', async () => {
    const ran = await run(await originsWith(world), ['curl', '-sv', 'https://evil.example/']);
    expect(ran.code).toBe(56);
    expect(ran.err).toContain('403 Forbidden');
    expect(ran.err).toContain('x-egresstop-reason: not allowlisted');
    const clear = await run(await originsWith(world), ['curl', '-s', 'http://evil.example/']);
    expect(clear.out).toContain('host: evil.example\nreason: not allowlisted');
  });
});

describe('run', () => {
  const bare = (): Promise<RunFlags> => flagsFor(world, { policy: 'allow: []\n', pins: [] });

  it.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -TERM $$'], 143],
    [['no-such-program-here'], 127],
    [[], 2],
  ])('%j ends with its status %d', async (command, code) => {
    expect((await run(await bare(), command)).code).toBe(code);
  });

  it('run hands on stdio and signals', async () => {
    const child = start(await bare(), [
      'sh',
      '-c',
      'trap "echo told; exit 9" TERM; read line; echo "$line"; while :; do sleep 0.05; done',
    ]);
    let [out, err] = ['', ''];
    child.stdout.on('data', chunk => (out += String(chunk)));
    child.stderr.on('data', chunk => (err += String(chunk)));
    child.stdin.write('typed\n');
    await until(() => out === 'typed\n', {
      deadlineMs: START_WITHIN_MS,
      describe: () => `the program behind run to begin; run wrote: ${err}`,
    });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect([code, out]).toEqual([9, 'typed\ntold\n']);
  });

  it('hands on a signal that comes as soon as the program is there', async () => {
    const script = 'trap "exit 9" TERM; kill -TERM $PPID; while :; do sleep 0.05; done';
    expect((await run(await bare(), ['sh', '-c', script])).code).toBe(9);
  });

  it('exempts nothing, and joins the system’s roots with our own', async () => {
    const ran = await run(await bare(), [
      'sh',
      '-c',
      'echo "[$NO_PROXY] $HTTPS_PROXY $https_proxy"; grep -c BEGIN "$SSL_CERT_FILE"',
    ]);
    const [line = '', roots] = ran.out.split('\n');
    expect(line).toMatch(/^\[\] (http:\/\/sh:-@127\.0\.0\.1:\d+) \1$/);
    expect(Number(roots)).toBeGreaterThan(50);
  });

  it('joins a mediator that is up, and refuses to be another one there', async () => {
    const port = await world.https('api.example', (_, response) => response.end('joined'));
    await world.mediator({ policy: POLICY, pins: [`api.example:127.0.0.1:${port}`] });
    const socket = join(world.folder, 'mediator.sock');
    const ran = await run({ socket, agent: 'second', tool: 'bash' }, ['curl', '-s', 'https://api.example/']);
    expect(ran.out).toBe('joined');
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'second', tool: 'bash' });
    const other = await run({ socket, mode: 'strict' }, ['true']);
    expect(other.code).toBe(1);
    expect(other.err).toContain('already up');
  });
});

describe('a mediator that is killed', () => {
  it('loses no record of what a client was answered for, and starts again over its dead socket', async () => {
    const flags = await flagsFor(
      world,
      { policy: 'allow: []\n', pins: [] },
      { mode: 'strict', listen: '127.0.0.1:0' },
    );
    const address = async (child: ChildProcess): Promise<string> => {
      let out = '';
      child.stdout?.on('data', chunk => (out += String(chunk)));
      return until(() => /listening on (\S+)[\s\S]*egresstop env/.exec(out)?.[1] ?? '');
    };
    const first = startVerb(world, { verb: 'mediator', flags });
    const proxy = await address(first);
    const hosts = Array.from({ length: 20 }, (_, index) => `host-${index}.example`);
    for (const host of hosts) {
      const answer = await ended(spawn('curl', ['-s', '-x', `http://${proxy}`, `http://${host}/`]));
      expect(answer.out).toContain(`host: ${host}`);
    }
    first.kill('SIGKILL');
    await once(first, 'close');
    expect(
      world
        .records()
        .filter(({ event }) => event === 'egress_deny') // who asked may be told in a record of its own
        .map(record => record['host']),
    ).toEqual(hosts);
    const second = startVerb(world, { verb: 'mediator', flags });
    await address(second);
    second.kill('SIGTERM');
    expect((await once(second, 'close'))[0]).toBe(0);
    expect(world.events().filter(event => event === 'egress_listen')).toHaveLength(2);
  });
});
