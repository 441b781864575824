import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { ByteMeter } from '../../../src/mediator/byte-meter.ts';
import { NOBODY } from '../../../src/mediator/caller.ts';
import { MEDIATOR_LIMITS } from '../../../src/mediator/limits.ts';
import { LiveExchanges } from '../../../src/mediator/live-exchanges.ts';
import type { Mediation } from '../../../src/mediator/mediation.ts';
import { readAuthority } from '../../../src/mediator/origin/destination.ts';
import { readPin } from '../../../src/mediator/origin/pin.ts';
import { createResolver } from '../../../src/mediator/origin/resolver.ts';
import { CONNECT_ANSWERS } from '../../../src/mediator/tunnel/tunnel-answers.ts';
import { TunnelConnection } from '../../../src/mediator/tunnel/tunnel-connection.ts';
import type { TunnelRecord } from '../../../src/mediator/tunnel/tunnel-event.ts';
import { until } from '../../until.ts';
import { policyOf } from '../policy-of.ts';

const endings: (() => unknown)[] = [];
afterEach(() => endings.splice(0).forEach(end => end()));

/** The mediator's end of a connection to a client. */
async function clientSocket(): Promise<Socket> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  endings.push(
    () => client.destroy(),
    () => socket.destroy(),
    () => server.close(),
  );
  return socket;
}

/** Starts a tunnel to `authority`. The rules permit it until they were asked `permitted` times. Gives the records and how often they were asked. */
async function startTunnel(authority: string, permitted: number) {
  const read = readAuthority(authority, null);
  const pin = readPin('pinned.test:192.0.2.2');
  if (read.type === 'refused' || !pin) throw new Error('the test names no destination');
  const records: TunnelRecord[] = [];
  const [allowed, denied] = [
    policyOf('allow:\n  - api.test\n  - pinned.test\n  - 192.0.2.1\n'),
    policyOf('allow: []\n'),
  ];
  let [asked, dialled] = [0, 0];
  const mediation: Mediation = {
    questions: null,
    rules: () => ({
      policy: (asked += 1) > permitted ? denied : allowed,
      mode: 'strict',
      interceptsUnlisted: true,
    }),
    resolver: createResolver([pin], async () => ['192.0.2.3'], MEDIATOR_LIMITS),
    dial: async () => {
      dialled += 1;
      throw new Error('no network here');
    },
    dstOf: () => '',
    trust: createSecureContext(),
    leaves: () => Promise.reject(new Error('no leaf here')),
    limits: MEDIATOR_LIMITS,
    meter: new ByteMeter(null),
    live: new LiveExchanges(),
    isSelf: () => false,
    record: record => {
      records.push(record);
      return null;
    },
    blocked: () => null,
    processes: null,
    now: () => 0,
    keepsQueries: false,
  };
  const request = {
    client: await clientSocket(),
    answers: CONNECT_ANSWERS,
    head: Buffer.alloc(0),
    to: read.destination,
    caller: NOBODY,
  };
  new TunnelConnection(mediation, () => {}, request).start();
  await until(() => records.length > 0, { describe: 'the first record of the tunnel' });
  return { asked, dialled, event: records[0]?.event };
}

it.each([
  ['192.0.2.1:443', 2],
  ['pinned.test:443', 2],
  ['api.test:443', 3],
])('a tunnel to %s is ruled on %d times before it is dialled', async (authority, times) => {
  expect(await startTunnel(authority, 3)).toEqual({ asked: times, dialled: 1, event: 'egress_dial_error' });
});

it.each([0, 1, 2])(
  'a tunnel whose host loses its entry after ruling %d of a look-up is denied, not dialled',
  async permitted => {
    expect(await startTunnel('api.test:443', permitted)).toMatchObject({ dialled: 0, event: 'egress_deny' });
  },
);

it.each([0, 1])(
  'a tunnel to an address that loses its entry after ruling %d is denied, not dialled',
  async permitted => {
    expect(await startTunnel('192.0.2.1:443', permitted)).toMatchObject({ dialled: 0, event: 'egress_deny' });
  },
);
