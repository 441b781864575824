import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n';
const statusOf = (path: string): unknown =>
  world.records().find(record => record['url'] === `https://api.example${path}`)?.['status'];

describe('what a client has read is in the log by then, so that kill -9 does not lose it:', () => {
  it('the first byte of every answer in a tunnel', async () => {
    let finish = (): void => {};
    const port = await world.https('api.example', (_, response) => {
      response.write('begun');
      finish = () => response.end();
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:443');
    const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
    for (const path of ['/first', '/second', '/third']) {
      tls.write(`GET ${path} HTTP/1.1\r\nHost: api.example\r\n\r\n`);
      await nextHead(tls);
      expect(statusOf(path)).toBe(200);
      finish();
      await world.record('egress_request', { url: `https://api.example${path}` });
    }
    tls.destroy();
  });

  it('a switch to WebSocket, also behind other requests', async () => {
    const port = await world.webSocket('api.example');
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:443');
    const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
    tls.write(
      'GET /ws HTTP/1.1\r\nHost: api.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGVzdA==\r\n\r\n',
    );
    await nextHead(tls);
    expect(statusOf('/ws')).toBe(101);
    tls.destroy();
    expect(await world.record('egress_request')).toMatchObject({ status: 101 });
  });

  it.each(['api.example', 'pinned.example'])('the answer to a CONNECT to %s', async host => {
    const port = await world.tcp(() => {});
    const mediator = await world.mediator({ policy, pins: [`${host}:127.0.0.1:${port}`] });
    const { head, socket } = await tunnel(mediator, `${host}:443`);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(world.events()).toEqual(['egress_listen', 'egress_connect']);
    socket.destroy();
  });
});

/** The end of the answer before may come by itself: waits for the bytes that begin a head. */
async function nextHead(tls: Duplex): Promise<void> {
  for (let text = ''; !text.includes('HTTP/1.1 ');) {
    const [chunk] = (await once(tls, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
}
