import { readFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { secured, tunnel, World } from '../world.ts';
import {
  block,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  hearFrames,
  PREFACE,
  RST_STREAM,
} from './frames.ts';
import { HTTP2_CASES } from './http2-cases.ts';

const HOST = 'origin.test';
let world: World;
let mediator: Mediator;
/** Whole requests: one that is reset on its way ends with a code. */
let heard: string[] = [];

beforeAll(async () => {
  world = new World();
  const port = await world.http2(HOST, server =>
    server.on('request', (request, response) => {
      request.resume();
      request.once('end', () => {
        if (request.stream.rstCode === constants.NGHTTP2_NO_ERROR)
          heard.push(`${request.method} ${request.url}${sent(request.headers)}`);
      });
      request.on('error', () => {}); // a request that was cut off
      response.end('plain');
    }),
  );
  mediator = await world.mediator({ policy: `allow: [${HOST}]\n`, pins: [`${HOST}:127.0.0.1:${port}`] });
});
afterAll(() => world.end());

/** The odd fields of a request that reached the origin. */
const sent = (headers: object): string =>
  Object.keys(headers)
    .filter(name => /^x[- ]/.test(name))
    .join(' ');

async function open() {
  const { socket } = await tunnel(mediator, `${HOST}:443`);
  const tls = await secured(socket, HOST, readFileSync(mediator.certificatePath, 'utf8'), ['h2']);
  const frames = hearFrames(tls);
  tls.write(PREFACE);
  return { tls, frames };
}

it.each(HTTP2_CASES.map(each => [each.section, each.rule, each] as const))(
  'RFC %s: %s',
  async (_section, _rule, { send, isPassed, differs }) => {
    heard = [];
    const { tls, frames } = await open();
    tls.write(send);
    const isAnswered = (): boolean =>
      tls.destroyed || tls.readableEnded || [HEADERS, RST_STREAM, GOAWAY].some(type => frames.includes(type));
    await until(isAnswered, { deadlineMs: 3000, describe: () => `an answer beside ${frames.join(' ')}` });
    tls.destroy();
    if (isPassed || differs) await until(() => heard.length > 0);
    expect(heard).toEqual(isPassed || differs ? ['GET /'] : []);
  },
);

it('RFC 9113 §10.5: a client that resets thousands of streams at once is served no longer, and others are', async () => {
  const fields = block([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/'],
    [':authority', HOST],
  ]);
  const { tls, frames } = await open();
  for (let stream = 1; stream < 10_000; stream += 2)
    tls.write(
      Buffer.concat([
        frame(HEADERS, END_STREAM | END_HEADERS, stream, fields),
        frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8])),
      ]),
    );
  await until(() => frames.includes(GOAWAY) || tls.destroyed, { describe: 'the flood is ended' });
  heard = [];
  const other = await open();
  other.tls.write(frame(HEADERS, END_STREAM | END_HEADERS, 1, fields));
  await until(() => heard.length === 1, { describe: 'another client is served' });
  other.tls.destroy();
});
