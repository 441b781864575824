import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunFlags } from '../../../src/commands/mediator/run-flags.ts';
import { ended, startVerb } from '../verb-process.ts';
import { World } from '../world.ts';
import { COMMIT, registryIn } from './registry.ts';
import { confinedFlags, missing, place as placeIn, recordsOf } from './sandbox.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());
vi.setConfig({ testTimeout: 120_000 });

const place = (...names: readonly string[]): string => placeIn(world, ...names);
const confined = (policy: string, rest: RunFlags = {}): Promise<RunFlags> =>
  confinedFlags(world, policy, rest);
const records = (): readonly Record<string, unknown>[] => recordsOf(world);
const start = (flags: RunFlags, command: readonly string[], env: object = {}): ChildProcess =>
  startVerb(world, { verb: 'run', flags, command, env });

describe.skipIf(missing !== null)('programs that are confined', () => {
  it('curl, git, npm and pip work in a confined program', async () => {
    const origin = await world.https('registry.example', registryIn(place('registry'), 'registry.example'));
    const flags = await confined('allow:\n  - registry.example\n', {
      resolve: [`registry.example:127.0.0.1:${origin}`],
      agent: 'builder',
    });
    const script = `
      cd ${place('scratch')}
      curl -sS https://registry.example/plain
      git ls-remote https://registry.example/tiny.git refs/heads/main
      npm install --silent --no-audit --no-fund --registry https://registry.example/ tiny && node node_modules/tiny
      python3 -m pip -q install --no-cache-dir --disable-pip-version-check --no-deps -i https://registry.example/simple/ --target py tiny && PYTHONPATH=py python3 -m tiny`;
    const ran = await ended(
      start(flags, ['sh', '-ec', script], { HOME: place('scratch'), PIP_ROOT_USER_ACTION: 'ignore' }),
    );
    expect(ran.err).toBe('');
    expect(ran.out).toBe(`plain answer\n${COMMIT}\trefs/heads/main\ntiny runs\ntiny runs\n`);
    expect(new Set(records().map(({ agent }) => agent))).toEqual(new Set([undefined, 'builder']));
  });

  it('a confined program ends as it would end unconfined: by its status, a signal of its own or one that is passed on', async () => {
    const flags = await confined('allow: []\n');
    expect((await ended(start(flags, ['sh', '-c', 'exit 7']))).code).toBe(7);
    expect((await ended(start(flags, ['sh', '-c', 'kill -9 $$']))).code).toBe(137);
    expect(await ended(start(flags, ['/nowhere/program']))).toMatchObject({
      code: 127,
      err: 'egresstop: /nowhere/program: command not found\n',
    });
    const signalled = start(flags, [
      'sh',
      '-c',
      'trap "echo heard; exit 3" TERM; echo up; while :; do sleep 0.05; done',
    ]);
    signalled.stdout?.once('data', () => signalled.kill('SIGTERM'));
    expect(await ended(signalled)).toMatchObject({ code: 3, out: 'up\nheard\n' });
  });
});
