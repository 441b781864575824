import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { dialMediator, readAll, secured, tunnel, World } from '../mediator/world.ts';
import { scaled } from './scale.ts';

const SEEDS = [
  'GET http://api.example/ HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n',
  'POST http://api.example/x HTTP/1.1\r\nHost: api.example\r\nContent-Length: 5\r\n\r\nhello',
  'POST http://api.example/x HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\nProxy-Authorization: Basic YTpi\r\n\r\n\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00',
  'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  'GET http://evil.example/ HTTP/1.1\r\nHost: api.example\r\n\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n',
  'GET ws://api.example/ HTTP/1.1\r\nHost: api.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
];

const scrap = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  '%00',
  '\xff',
  '@',
  '/',
  '\\',
  '0x7f.1',
  '[::1]',
  '2130706433',
  'Host: evil.example\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: identity\r\n',
  'HTTP/0.9',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'x'.repeat(70_000),
);
const request = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(9), scrap }), {
      maxLength: 4,
    }),
  )
  .map(([seed, wounds]) =>
    wounds.reduce((text, { at, cut, scrap }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + scrap + text.slice(place + cut);
    }, seed),
  );

it('damaged requests reach nothing but the one listed host, disturb no neighbour, and the mediator serves on', async () => {
  const world = new World();
  onTestFinished(() => world.end());
  let strayed = 0;
  const stray = await world.tcp(() => (strayed += 1));
  const clear = await world.http((_, response) => response.end('fine'));
  const port = await world.https('api.example', (_, response) => response.end('fine'));
  const mediator = await world.mediator({
    mode: 'strict',
    policy: 'allow:\n  - api.example\n',
    pins: [
      `api.example:443:127.0.0.1:${port}`,
      `api.example:80:127.0.0.1:${clear}`,
      `evil.example:127.0.0.1:${stray}`,
    ],
    limits: { headTimeoutMs: 200 },
  });
  const { socket: neighbour } = await tunnel(mediator, 'api.example:443');
  await fc.assert(
    fc.asyncProperty(request, fc.boolean(), async (bytes, isReset) => {
      const socket = await dialMediator(mediator);
      socket.on('data', () => undefined);
      socket.write(Buffer.from(bytes, 'latin1'));
      if (isReset) return void socket.resetAndDestroy();
      socket.end();
      await Promise.race([once(socket, 'close'), pause(20)]);
      socket.destroy();
    }),
    { numRuns: scaled(20_000) },
  );
  expect(strayed).toBe(0);
  const tls = await secured(neighbour, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
  tls.write('GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
  expect(await readAll(tls)).toContain('fine');
});
