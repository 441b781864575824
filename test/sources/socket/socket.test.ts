import { once } from 'node:events';
import { unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followSources } from '../../../src/sources/follow.ts';
import { MAX_LINE_BYTES } from '../../../src/sources/lines/line-splitter.ts';
import { followSocket, type FollowingSocket } from '../../../src/sources/socket/socket.ts';
import { until } from '../../until.ts';
import { Collected } from '../collected.ts';
import { newFolder } from '../folder.ts';

const HELLO = '{"type":"hello","protocol":1}\n';

/** A server that greets every client with `greeting` and keeps what it hears. */
class Serving {
  readonly clients: Socket[] = [];
  heard = '';
  readonly #server: Server;

  constructor(greeting: string) {
    this.#server = createServer(client => {
      this.clients.push(client);
      client.setEncoding('utf8').on('data', text => (this.heard += text));
      client.on('error', () => undefined); // a client that leaves
      client.write(greeting);
    });
  }

  async listen(path: string): Promise<this> {
    this.#server.listen(path);
    await once(this.#server, 'listening');
    onTestFinished(() => this.close());
    return this;
  }

  get client(): Socket {
    const client = this.clients.at(-1);
    if (!client) throw new Error('nobody has connected');
    return client;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise(resolve => this.#server.close(resolve));
    for (const client of this.clients) client.destroy();
    await closed;
  }
}

interface Followed {
  readonly heard: Collected;
  readonly following: FollowingSocket;
}

function follow(path: string): Followed {
  const heard = new Collected();
  const following = followSocket(path, heard, { firstRetryMs: 5, lastRetryMs: 40 });
  onTestFinished(() => following.stop());
  return { heard, following };
}

const newPath = (): string => join(newFolder(), 's.sock');

describe('followSocket', () => {
  it('a server that just streams lines is read and never spoken to', async () => {
    const path = newPath();
    const server = await new Serving('one\ntw').listen(path);
    const { heard } = follow(path);
    await until(() => heard.texts.length === 1);
    server.client.end('o\nthree');
    await until(() => heard.texts.length === 3);
    expect(heard.placed).toEqual(['s.sock:1 one', 's.sock:2 two', 's.sock:3 three']);
    expect(server.heard).toBe('');
  });

  it('a mediator is subscribed to after its hello, and may be spoken to', async () => {
    const path = newPath();
    const server = await new Serving(HELLO).listen(path);
    const { heard, following } = follow(path);
    await until(() => server.heard === '{"type":"subscribe","replay":1000}\n');
    server.client.write('{"type":"event","event":"egress_deny"}\n');
    await until(() => heard.texts.length === 1);
    expect(heard.texts).toEqual(['{"event":"egress_deny"}']);
    expect(heard.messages).toEqual([{ type: 'hello', protocol: 1 }]);
    expect(following.send({ type: 'reload' })).toBe(true);
    await until(() => server.heard.endsWith('{"type":"reload"}\n'));
  });

  it('it waits for a socket, loses it, and connects again; replayed events count once', async () => {
    const path = newPath();
    const source = `unix:${path}`;
    const { heard, following } = follow(path);
    await until(() => heard.state(source) === 'waiting');
    expect(heard.why(source)).toContain('nothing listens there yet');
    expect(following.send({ type: 'status' })).toBe(false);
    const events = `${HELLO}{"type":"event","event_id":"a"}\n`;
    const first = await new Serving(events).listen(path);
    await until(() => heard.state(source) === 'live' && heard.texts.length === 1);
    await first.close();
    await until(() => heard.state(source) === 'gone');
    await new Serving(`${events}{"type":"event","event_id":"b"}\n`).listen(path);
    await until(() => heard.texts.length === 2);
    expect(heard.texts).toEqual(['{"event_id":"a"}', '{"event_id":"b"}']);
    expect(heard.state(source)).toBe('live');
  });

  it('a path that is no socket has failed until it is one', async () => {
    const path = newPath();
    writeFileSync(path, '');
    const { heard } = follow(path);
    await until(() => heard.state(`unix:${path}`) === 'failed');
    expect(heard.why(`unix:${path}`)).toContain('is no socket');
    unlinkSync(path);
    await new Serving('one\n').listen(path);
    await until(() => heard.texts.length === 1);
  });

  it('a peer that floods is read whole, and leaves the event loop its turns', async () => {
    const path = newPath();
    const count = 300_000;
    const flood = Array.from({ length: count }, (_, i) => `{"n":${i},"host":"host.example"}\n`).join('');
    await new Serving(flood).listen(path);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    onTestFinished(() => clearInterval(counting));
    const { heard } = follow(path);
    let read = 0;
    await until(() => (read = heard.batches.reduce((sum, { lines }) => sum + lines.length, 0)) === count);
    expect(heard.batches.at(-1)?.lines.at(-1)).toBe(`{"n":${count - 1},"host":"host.example"}`);
    expect(read).toBe(count);
    expect(turns).toBeGreaterThan(3);
  });

  it('a line over the limit is counted, garbage is a line', async () => {
    const path = newPath();
    await new Serving(`${'x'.repeat(MAX_LINE_BYTES + 5)}\n\u0000\u001b[2J\nok\n`).listen(path);
    const { heard } = follow(path);
    await until(() => heard.texts.length === 3);
    expect(heard.texts).toEqual([{ bytes: MAX_LINE_BYTES + 5 }, '\u001b[2J', 'ok']);
  });

  it('a server that hangs up at once is asked less and less often', async () => {
    const path = newPath();
    const server = await new Serving('').listen(path);
    follow(path);
    const times: number[] = [];
    await until(() => {
      for (const client of server.clients.slice(times.length)) {
        client.destroy();
        times.push(performance.now());
      }
      return times.length >= 7;
    });
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.min(...gaps.slice(-2))).toBeGreaterThan(25);
  });

  it('nothing is heard after stop, and the connection is closed', async () => {
    const path = newPath();
    const server = await new Serving('one\n').listen(path);
    const { heard, following } = follow(path);
    await until(() => heard.texts.length === 1);
    const closed = once(server.client, 'close');
    await following.stop();
    await closed;
    expect(heard.texts).toEqual(['one']);
    expect(server.clients).toHaveLength(1);
  });
});

it('followSources speaks to the socket that a source names', async () => {
  const path = newPath();
  const server = await new Serving(HELLO).listen(path);
  const heard = new Collected();
  const following = followSources([{ type: 'socket', path }], heard);
  onTestFinished(() => following.stop());
  await until(() => heard.state(`unix:${path}`) === 'live');
  expect(following.send('unix:/elsewhere', { type: 'reload' })).toBe(false);
  expect(following.send(`unix:${path}`, { type: 'reload' })).toBe(true);
  await until(() => server.heard.includes('{"type":"reload"}\n'));
});
