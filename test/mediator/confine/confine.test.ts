import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunFlags } from '../../../src/commands/mediator/run-flags.ts';
import { until } from '../../until.ts';
import { ended, startVerb, VERB_PROGRAM } from '../verb-process.ts';
import { World } from '../world.ts';
import { confinedFlags, missing, place as placeIn, recordsOf } from './sandbox.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());
vi.setConfig({ testTimeout: 120_000 });

const WAYS_OUT = fileURLToPath(new URL('ways-out.py', import.meta.url));

const place = (...names: readonly string[]): string => placeIn(world, ...names);
const confined = (policy: string, rest: RunFlags = {}): Promise<RunFlags> =>
  confinedFlags(world, policy, rest);
const records = (): readonly Record<string, unknown>[] => recordsOf(world);
const start = (flags: RunFlags, command: readonly string[], env: object = {}) =>
  startVerb(world, { verb: 'run', flags, command, env });

describe.skipIf(missing !== null)('run --confine', () => {
  it('a confined program finds no way out, and none to the files of its mediator', async () => {
    const reached: string[] = [];
    const answer = (name: string) =>
      createServer(socket => {
        reached.push(name);
        socket.on('error', () => socket.destroy()).end('in');
      });
    const tcp = await world.listen(answer('tcp'));
    const tcp6 = await world.listen(answer('tcp6'), '::1');
    for (const path of [place('unix.sock'), '\0egresstop-test']) {
      const server = answer(path).listen(path.startsWith('\0') ? `${path}-${process.pid}` : path);
      world.atEnd(() => void server.close());
    }
    const udp = createSocket('udp4', (_, from) => udp.send('in', from.port, from.address));
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    world.atEnd(() => void udp.close());
    const flags = await confined('allow:\n  - api.example\n');
    const policy = readFileSync(place('lists', 'policy.yaml'), 'utf8');
    const facts = {
      tcp,
      tcp6,
      udp: udp.address().port,
      abstract: `egresstop-test-${process.pid}`,
      unix: place('unix.sock'),
      unixDatagrams: place('unix.sock'),
      socket: place('egresstop', 'mediator.sock'),
      key: place('egresstop', 'ca-key.pem'),
      audit: place('logs', 'audit.jsonl'),
      journal: place('egresstop', 'journal.jsonl'),
      policy: place('lists', 'policy.yaml'),
      policyLink: place('links', 'policy.yaml'),
      alias: null,
      scratch: place('scratch'),
      pids: [process.pid],
      disk: [254, 0],
    };
    const open = [
      'TCP to a port of loopback',
      'TCP over IPv6 to a port of loopback',
      'UDP',
      'an abstract unix socket',
      'a unix socket',
    ];
    const control = await ended(spawn('python3', [WAYS_OUT, JSON.stringify({ ...facts, only: open })]));
    expect(Object.values(JSON.parse(control.out) as object)).toEqual(open.map(() => 'OUT')); // unconfined
    reached.length = 0;
    const script = `exec python3 ${WAYS_OUT} "$(printf '%s' "$FACTS" | sed "s/@PORT@/\${http_proxy##*:}/")"`;
    const ran = await ended(
      start(flags, ['sh', '-c', script], {
        FACTS: JSON.stringify({ ...facts, mediator: '@PORT@' }).replace('"@PORT@"', '@PORT@'),
      }),
    );
    expect(ran.err).toBe('');
    const ways = JSON.parse(ran.out) as Record<string, string>;
    expect(Object.keys(ways).length).toBeGreaterThan(40);
    expect(Object.entries(ways).filter(([, came]) => came === 'OUT')).toEqual([]);
    expect(ways).toMatchObject({
      'an abstract unix socket': expect.stringMatching(/^PermissionError/),
      'a pair of unix sockets that is connected once more': expect.stringMatching(/^PermissionError/),
    });
    expect(reached).toEqual([]);
    expect(readFileSync(place('lists', 'policy.yaml'), 'utf8')).toBe(policy);
    expect(existsSync(place('scratch', 'policy.yaml'))).toBe(true);
    expect(records().map(({ host }) => host)).toContain('evil.example');
  });

  it('the policy stays out of reach of a confined program after it was replaced from outside', async () => {
    const flags = await confined('allow: []\n');
    const policy = place('lists', 'policy.yaml');
    const child = start(flags, [
      'sh',
      '-c',
      `echo up; read edited; echo evil >> ${policy}; mv ${place('lists')} ${place('x')}; cat ${policy}`,
    ]);
    child.stdout?.once('data', () => {
      writeFileSync(`${policy}.new`, 'allow: [new.example]\n');
      renameSync(`${policy}.new`, policy);
      child.stdin?.end('edited\n');
    });
    expect(await ended(child)).toMatchObject({ out: 'up\nallow: [new.example]\n' });
    expect(readFileSync(policy, 'utf8')).toBe('allow: [new.example]\n');
  });

  it('the policy, log and key of a mediator that was up before are out of reach of a confined program', async () => {
    for (const folder of ['up', 'up-logs', 'work']) mkdirSync(place(folder));
    const [policyPath, auditPath] = [place('up', 'policy.yaml'), place('up-logs', 'audit.jsonl')];
    writeFileSync(policyPath, 'allow: []\n');
    mkdirSync(place('egresstop'), { mode: 0o700 });
    const socketPath = place('egresstop', 'mediator.sock');
    await world.mediator({ policyPath, auditPath, socketPath, authorityFolder: place('up-ca') });
    const script = `
      echo evil >> ${policyPath} && echo OUT
      cat ${auditPath} && echo OUT
      cat ${place('up-ca', 'ca-key.pem')} && echo OUT
      rm ${policyPath} && echo OUT
      cat ${policyPath}`;
    expect((await ended(start({ confine: true }, ['sh', '-c', script]))).out).toBe('allow: []\n');
    expect(readFileSync(policyPath, 'utf8')).toBe('allow: []\n');
  });

  it('a program dies with the run that confines it', async () => {
    const flags = await confined('allow: []\n');
    const alive = place('scratch', 'alive');
    const child = start(flags, ['sh', '-c', `while :; do date +%N > ${alive}; sleep 0.02; done`]);
    await until(() => expect(existsSync(alive)).toBe(true));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const seen = (): string => readFileSync(alive, 'utf8');
    await until(async () => {
      const before = seen();
      await pause(300); // many of its rounds
      return seen() === before;
    });
  });
});

const runtime = missing === null && ['socat', 'rg'].every(program => !spawnSync(program, ['-V']).error);
if (!runtime) process.stderr.write('the test of --confine=srt is skipped: it needs bwrap, socat and rg\n');

it.skipIf(!runtime)(
  '--confine=srt leaves a program the mediator alone, and keeps it from the files of the mediator',
  async () => {
    const origin = await world.https('api.example', (_, response) => response.end('api answers\n'));
    const outside = await world.http((_, response) => response.end('outside answers\n'));
    const flags = await confined('allow:\n  - api.example\n', {
      confine: 'srt',
      resolve: [`api.example:127.0.0.1:${origin}`],
      agent: 'builder',
    });
    const script = `
    curl -sS https://api.example/
    curl -s --noproxy '*' http://127.0.0.1:${outside}/ && echo OUT
    echo evil >> ${place('lists', 'policy.yaml')} && echo OUT
    cat ${place('egresstop', 'ca-key.pem')} && echo OUT
    exit 7`;
    expect(await ended(start(flags, ['sh', '-c', script]))).toMatchObject({ code: 7, out: 'api answers\n' });
    expect(records().filter(({ event }) => event === 'egress_allow')).toMatchObject([{ agent: 'builder' }]);
  },
);

describe('where no sandbox can be made', () => {
  it.each([
    ['bwrap is missing', null, /needs the program bwrap/, /apt install bubblewrap/],
    [
      'bwrap fails',
      'bwrap: setting up uid map: Permission denied',
      /setting up uid map: Permission denied/,
      /./,
    ],
  ])('run --confine runs nothing and says what is missing: %s', async (_, said, why, remedy) => {
    const flags = await confined('allow: []\n');
    const folder = place('bin');
    mkdirSync(folder);
    if (said !== null)
      writeFileSync(join(folder, 'bwrap'), `#!/bin/sh\necho '${said}' >&2\nexit 1\n`, { mode: 0o755 });
    const ran = await ended(start(flags, ['sh', '-c', `echo ran`], { PATH: folder }));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(why) });
    expect(ran.err).toMatch(remedy);
    expect(existsSync(place('logs', 'audit.jsonl'))).toBe(false); // no mediator was started either
  });

  it.each([
    ['the folder of the program', () => process.cwd(), 'policy.yaml'],
    ['the folder of temporary files', () => '/tmp', 'policy.yaml'],
  ])('run --confine refuses a policy in %s', async (_, folder, name) => {
    const flags = await confined('allow: []\n');
    const ran = await ended(start({ ...flags, policy: join(folder(), name) }, ['echo', 'ran']));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--confine cannot guard') });
  });

  it('run --confine refuses a folder as the standard input: it would lead past every guard', async () => {
    const flags = await confined('allow: []\n');
    const folder = openSync('/', 'r');
    const ran = await ended(
      spawn(process.execPath, [VERB_PROGRAM, 'run', JSON.stringify(flags), 'echo', 'ran'], {
        stdio: [folder, 'pipe', 'pipe'],
        env: { ...process.env, XDG_STATE_HOME: world.folder, XDG_DATA_HOME: world.folder },
      }),
    );
    closeSync(folder);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('file 0 is a folder') });
  });

  it('run --confine refuses a policy that has a second name', async () => {
    const flags = await confined('allow: []\n');
    linkSync(place('lists', 'policy.yaml'), place('scratch', 'second.yaml'));
    const ran = await ended(start(flags, ['echo', 'ran']));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('a hard link') });
  });
});
