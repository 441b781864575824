import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, chmodSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditSocket } from '../../../src/mediator/audit/audit-socket.ts';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { tunnel, World } from '../world.ts';

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** A reader of the socket: what it heard, and how to say something. */
async function reader(
  path: string,
): Promise<{ heard: Message[]; say: (request: object) => void; socket: Socket }> {
  const socket = connect(path);
  await once(socket, 'connect');
  world.atEnd(() => void socket.destroy());
  const heard: Message[] = [];
  let pending = '';
  socket.on('data', chunk => {
    const lines = (pending + chunk.toString()).split('\n');
    pending = lines.pop() ?? '';
    heard.push(...lines.map(line => JSON.parse(line) as Message));
  });
  return { heard, socket, say: request => void socket.write(`${JSON.stringify(request)}\n`) };
}

const deny = (mediator: Mediator, host: string) => tunnel(mediator, `${host}:443`);

describe('the mediator’s socket', () => {
  it('greets with who, how, where and which policy', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    const { heard, say } = await reader(mediator.socketPath);
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({
      type: 'hello',
      protocol: 1,
      mediator: 'egresstop',
      mode: 'strict',
      listen: mediator.address,
      policy: { path: world.policyPath, revision: mediator.revision() },
      audit: mediator.auditPath,
    });
    say({ type: 'status' });
    await until(() => heard.length === 2);
    expect({ ...heard[1], uptimeMs: 0 }).toEqual({ ...heard[0], uptimeMs: 0 });
  });

  it('replays what went before and streams what comes, each exactly as in the file, to several at once', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    await deny(mediator, 'one.example');
    const readers = await Promise.all([reader(mediator.socketPath), reader(mediator.socketPath)]);
    for (const { say } of readers) say({ type: 'subscribe', replay: 1 });
    for (const { heard } of readers) await until(() => heard.length === 2);
    await deny(mediator, 'two.example');
    for (const { heard } of readers) {
      await until(() => heard.length === 3);
      const events = heard.slice(1).map(({ type, ...record }) => [type, record]);
      expect(events).toEqual(
        world
          .records()
          .slice(1)
          .map(record => ['event', record]),
      );
    }
    expect(new Set(world.records().map(record => record['event_id'])).size).toBe(3);
  });

  it('replays what an earlier run recorded, but for what was cut off', async () => {
    const first = await world.mediator({ mode: 'strict' });
    await deny(first, 'one.example');
    await first.stop();
    appendFileSync(first.auditPath, '{"event":"egress_de');
    const second = await world.mediator({ mode: 'strict' });
    const { heard, say } = await reader(second.socketPath);
    say({ type: 'subscribe', replay: 10 });
    await until(() => heard.length === 4);
    expect(heard.map(({ event }) => event)).toEqual([
      undefined,
      'egress_listen',
      'egress_deny',
      'egress_listen',
    ]);
    expect(new Set(heard.slice(1).map(record => record['event_id'])).size).toBe(3);
  });

  it('sends no events to who did not subscribe, and survives nonsense', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    const { heard, socket, say } = await reader(mediator.socketPath);
    socket.write('nonsense\n[]\n{"type":"tomorrow"}\n\n');
    await deny(mediator, 'one.example');
    say({ type: 'status' });
    await until(() => heard.length === 2);
    expect(heard.map(({ type }) => type)).toEqual(['hello', 'hello']);
  });

  it('drops events for a slow reader, says how many, and never waits; the file has them all', async () => {
    const socket = new AuditSocket(
      {
        hello: () => ({ type: 'hello' }),
        trust: () => ({}),
        reload: async () => ({}),
        questions: () => null,
        stop: () => {},
      },
      { replay: 10, readerBacklog: 1000 },
    );
    const path = join(world.folder, 'slow.sock');
    await socket.listen(path);
    world.atEnd(() => socket.close());
    const slow = await reader(path);
    slow.say({ type: 'subscribe', replay: 0 });
    await until(() => slow.heard.length === 1);
    slow.socket.pause();
    const filler = 'x'.repeat(100_000);
    await until(() => {
      socket.event(JSON.stringify({ filler }));
      return slow.socket.readableLength > 0;
    });
    for (let count = 0; count < 50; count++) socket.event(JSON.stringify({ filler, count }));
    slow.socket.resume();
    await until(() => slow.heard.some(({ type }) => type === 'dropped'));
    expect(slow.heard.find(({ type }) => type === 'dropped')?.['count']).toBeGreaterThan(0);
    socket.event(JSON.stringify({ last: true }));
    await until(() => slow.heard.at(-1)?.['last'] === true);
  });

  it('replays once to a reader that subscribes twice', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    await deny(mediator, 'one.example');
    const { heard, say } = await reader(mediator.socketPath);
    say({ type: 'subscribe', replay: 10 });
    say({ type: 'subscribe', replay: 10 });
    say({ type: 'status' });
    await until(() => heard.filter(({ type }) => type === 'hello').length === 2);
    expect(heard.filter(({ type }) => type === 'event')).toHaveLength(world.records().length);
  });

  it('answers one who asks and does not read only as far as answers may wait, and the rest once they are read', async () => {
    let answered = 0;
    const hello = (): object => {
      answered += 1;
      return { type: 'hello', filler: 'x'.repeat(10_000) };
    };
    const socket = new AuditSocket(
      { hello, trust: () => ({}), reload: async () => ({}), questions: () => null, stop: () => {} },
      { replay: 1, readerBacklog: 100_000 },
    );
    const path = join(world.folder, 'flooded.sock');
    await socket.listen(path);
    world.atEnd(() => socket.close());
    const asked = 5000;
    const flood = await reader(path);
    flood.socket.pause();
    flood.socket.write('{"type":"status"}\n'.repeat(asked));
    let before = -1;
    await until(async () => {
      const isStill = answered === before && answered > 1;
      before = answered;
      await pause(50);
      return isStill;
    });
    expect(answered).toBeLessThan(500);
    flood.socket.resume();
    await until(() => answered === asked + 1);
  });

  it('replaces the socket of a mediator that died, and leaves that of a living one alone', async () => {
    const mediator = await world.mediator();
    const second = new AuditSocket(
      {
        hello: () => ({}),
        trust: () => ({}),
        reload: async () => ({}),
        questions: () => null,
        stop: () => {},
      },
      { replay: 1, readerBacklog: 1 },
    );
    await expect(second.listen(mediator.socketPath)).rejects.toThrow('already serves');
    expect(existsSync(mediator.socketPath)).toBe(true);
  });

  it('the socket is made in a folder of its owner alone, and not in one that others can write to', async () => {
    const port = {
      hello: () => ({}),
      trust: () => ({}),
      reload: async () => ({}),
      questions: () => null,
      stop: () => {},
    };
    const socket = new AuditSocket(port, { replay: 1, readerBacklog: 1 });
    const path = join(world.folder, 'own', 'mediator.sock');
    await socket.listen(path);
    expect(statSync(join(world.folder, 'own')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await socket.close();
    const shared = join(world.folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    const other = new AuditSocket(port, { replay: 1, readerBacklog: 1 });
    await expect(other.listen(join(shared, 'mediator.sock'))).rejects.toThrow('alone can write to');
  });
});

describe('an edit of the policy', () => {
  it('an edit is in force when it is acknowledged on the socket and in the log, within 150 ms', async () => {
    const mediator = await world.mediator({ mode: 'strict', pins: ['new.example:127.0.0.1:1'] });
    const { heard } = await reader(mediator.socketPath);
    expect((await deny(mediator, 'new.example')).head).toMatch(/ 403 /);
    const started = performance.now();
    world.writePolicy('allow:\n  - new.example\n');
    await until(() => heard.some(({ type }) => type === 'policy'));
    expect(performance.now() - started).toBeLessThan(1000); // the bench measures; this only notices a lost watch
    const told = heard.find(({ type }) => type === 'policy');
    expect(told).toMatchObject({ status: 'applied', revision: mediator.revision() });
    expect((await deny(mediator, 'new.example')).head).toMatch(/ 502 /);
    expect(await world.record('egress_policy_applied')).toMatchObject({
      revision: mediator.revision(),
      allow: ['new.example'],
      policy: mediator.revision(),
    });
  });

  it('that does not parse is rejected with its place, and the last good policy stays', async () => {
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'allow:\n  - good.example\n',
      pins: ['good.example:127.0.0.1:1'],
    });
    const before = mediator.revision();
    const { heard, say } = await reader(mediator.socketPath);
    world.writePolicy('allowed:\n  - evil.example\n');
    await until(() => heard.some(({ type }) => type === 'policy'));
    const told = heard.find(({ type }) => type === 'policy');
    expect(told).toMatchObject({ status: 'rejected', problems: [{ line: 1, severity: 'error' }] });
    expect(mediator.revision()).toBe(before);
    expect((await deny(mediator, 'good.example')).head).toMatch(/ 502 /);
    expect(await world.record('egress_policy_rejected')).toMatchObject({ policy: before });
    say({ type: 'reload' });
    await until(() => heard.filter(({ type }) => type === 'policy').length === 2);
    expect(heard.at(-1)).toMatchObject({ type: 'policy', status: 'rejected' });
  });

  it('an edit is also loaded on request, and the answer goes to the client that asked', async () => {
    const mediator = await world.mediator();
    const { heard, say } = await reader(mediator.socketPath);
    say({ type: 'reload' });
    await until(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ type: 'policy', status: 'applied', revision: mediator.revision() });
    expect(world.events()).toEqual(['egress_listen']);
  });

  it('a mediator does not start without a valid policy', async () => {
    await expect(world.mediator({ policy: 'allowed: []\n' })).rejects.toThrow('allowed');
  });

  it('leaves tunnels alone where it was told to', async () => {
    const port = await world.tcp(socket => socket.on('data', chunk => socket.write(chunk)));
    const policy = 'passthrough:\n  - pinned.example\n';
    const mediator = await world.mediator({
      policy,
      mode: 'strict',
      keepsTunnels: true,
      pins: [`pinned.example:127.0.0.1:${port}`],
    });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.write('one');
    await once(socket, 'data');
    world.writePolicy('allow: []\n');
    await world.record('egress_policy_applied');
    socket.write('two');
    expect(String(await once(socket, 'data'))).toBe('two');
    expect((await deny(mediator, 'pinned.example')).head).toMatch(/ 403 /);
    socket.destroy();
  });

  it('closes only the tunnels of the hosts that lost their entry', async () => {
    const port = await world.tcp(socket => socket.on('data', chunk => socket.write(chunk)));
    const policy = 'passthrough:\n  - kept.example\n  - lost.example\n';
    const pins = [`kept.example:127.0.0.1:${port}`, `lost.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy, mode: 'strict', pins });
    const [kept, lost] = await Promise.all(
      ['kept', 'lost'].map(name => tunnel(mediator, `${name}.example:9000`)),
    );
    for (const opened of [kept, lost]) {
      opened?.socket.write('one');
      if (opened) await once(opened.socket, 'data');
    }
    world.writePolicy('passthrough:\n  - kept.example\n');
    await world.record('egress_close', { host: 'lost.example', reason: 'policy changed: not allowlisted' });
    kept?.socket.write('two');
    if (kept) expect(String(await once(kept.socket, 'data'))).toBe('two');
    kept?.socket.destroy();
  });
});

describe('a full disk', () => {
  it('a full disk is told on the socket, and stops a strict mediator', async () => {
    const pins = ['good.example:127.0.0.1:1'];
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'allow:\n  - good.example\n',
      auditPath: '/dev/full',
      pins,
    });
    const { heard, say } = await reader(mediator.socketPath);
    say({ type: 'subscribe', replay: 10 });
    expect((await deny(mediator, 'good.example')).head).toMatch(/ 503 /);
    await until(() => heard.some(({ event }) => event === 'egress_deny'));
    expect(heard.find(({ event }) => event === 'egress_deny')).toMatchObject({
      reason: expect.stringContaining('ENOSPC'),
    });
  });

  it('a full disk does not stop a guarded mediator', async () => {
    const mediator = await world.mediator({ auditPath: '/dev/full', pins: ['good.example:127.0.0.1:1'] });
    const { heard } = await reader(mediator.socketPath);
    expect((await deny(mediator, 'good.example')).head).toMatch(/ 502 /);
    await until(() => heard.length > 0);
    expect(heard[0]).toMatchObject({ type: 'hello', auditTrouble: 'ENOSPC' });
  });
});

it('every record that a client was answered for is in the file when the answer comes', async () => {
  const mediator = await world.mediator({ mode: 'strict' });
  for (const host of ['a.example', 'b.example', 'c.example']) {
    await deny(mediator, host);
    expect(readFileSync(mediator.auditPath, 'utf8')).toContain(host);
  }
});
