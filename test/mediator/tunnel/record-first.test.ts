import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NOBODY } from '../../../src/mediator/caller.ts';
import { MEDIATOR_LIMITS } from '../../../src/mediator/limits.ts';
import { readPin } from '../../../src/mediator/origin/pin.ts';
import { createResolver } from '../../../src/mediator/origin/resolver.ts';
import { CONNECT_ANSWERS } from '../../../src/mediator/tunnel/tunnel-answers.ts';
import { TunnelConnection } from '../../../src/mediator/tunnel/tunnel-connection.ts';
import { until } from '../../until.ts';
import { policyOf } from '../policy-of.ts';
import { smallMediation, socketPair } from './small-mediation.ts';

const endings: (() => unknown)[] = [];
afterEach(() => endings.splice(0).forEach(end => end()));

const policy = policyOf('passthrough:\n  - api.test\n');
const pin = readPin('api.test:192.0.2.1');

/** Collects the words that a socket hears. */
function hearing(socket: Socket): () => string {
  let heard = '';
  socket.on('data', chunk => (heard += String(chunk)));
  return () => heard;
}

/** Starts a tunnel whose records are written only when the test says so. */
async function startTunnel() {
  const [client, origin] = [await socketPair(endings), await socketPair(endings)];
  const waiting: { readonly event: string; readonly written: (why: string | null) => void }[] = [];
  const mediation = smallMediation({
    rules: () => ({ policy, mode: 'strict', interceptsUnlisted: true }),
    resolver: createResolver(pin ? [pin] : [], async () => [], MEDIATOR_LIMITS),
    dial: async () => origin.near,
    recordThen: ({ event }, written) => void waiting.push({ event, written }),
  });
  const tunnel = new TunnelConnection(mediation, () => {}, {
    client: client.near,
    answers: CONNECT_ANSWERS,
    head: Buffer.alloc(0),
    to: { host: 'api.test', port: 9000, isAddress: false },
    caller: NOBODY,
  });
  client.near.once('close', () => tunnel.left());
  tunnel.start();
  /** Waits for the record of that event, and gives what ends its writing. */
  const record = async (event: string): Promise<(why: string | null) => void> => {
    await until(() => waiting[0], { describe: event });
    const next = waiting.shift();
    expect(next?.event).toBe(event);
    return next?.written ?? (() => {});
  };
  const [client_, origin_] = [client.far, origin.far];
  return { client: client_, toClient: hearing(client_), origin: origin_, toOrigin: hearing(origin_), record };
}

/** Lets everything happen that is under way. */
async function turns(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await new Promise(resolve => setImmediate(resolve));
}

describe('a tunnel whose record is not written yet', () => {
  it('the tunnel has no answer, and has one once it is written', async () => {
    const { record, toClient } = await startTunnel();
    const written = await record('egress_connect');
    await turns();
    expect(toClient()).toBe('');
    written(null);
    await until(() => toClient().startsWith('HTTP/1.1 200 '));
  });

  it('the tunnel is refused where the record of its answer cannot be written', async () => {
    const { record, toClient } = await startTunnel();
    (await record('egress_connect'))('disk full');
    (await record('egress_deny'))('disk full');
    await until(() => toClient().startsWith('HTTP/1.1 503 '));
  });

  it.each(['client', 'origin'] as const)(
    'passes no byte on when its %s speaks first, and all of them once it is written',
    async first => {
      const { record, toClient, toOrigin, ...ends } = await startTunnel();
      (await record('egress_connect'))(null);
      await until(() => toClient() !== '');
      ends[first].write('words');
      const written = await record('egress_allow');
      await turns();
      expect([toClient(), toOrigin()].join('')).not.toContain('words');
      written(null);
      await until(() => [toClient(), toOrigin()].join('').includes('words'));
    },
  );

  it('passes no byte on where the record of its permit cannot be written', async () => {
    const { record, toClient, toOrigin, client } = await startTunnel();
    (await record('egress_connect'))(null);
    await until(() => toClient() !== '');
    client.write('words');
    (await record('egress_allow'))('disk full');
    (await record('egress_deny'))('disk full');
    await new Promise(resolve => client.once('close', resolve).end());
    expect(toOrigin()).toBe('');
  });

  it('passes the end of an origin on that ended meanwhile', async () => {
    const { record, toClient, client, origin } = await startTunnel();
    (await record('egress_connect'))(null);
    await until(() => toClient() !== '');
    client.write('words');
    const written = await record('egress_allow');
    origin.end();
    await turns();
    written(null);
    await new Promise(resolve => client.once('end', resolve));
  });

  it('passes nothing on where its client left meanwhile', async () => {
    const { record, toClient, toOrigin, client } = await startTunnel();
    (await record('egress_connect'))(null);
    await until(() => toClient() !== '');
    client.write('words');
    const written = await record('egress_allow');
    client.resetAndDestroy();
    const closed = await record('egress_close');
    written(null);
    closed(null);
    await turns();
    expect(toOrigin()).toBe('');
  });
});
