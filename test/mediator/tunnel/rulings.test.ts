import { afterEach, expect, it } from 'vitest';
import { NOBODY } from '../../../src/mediator/caller.ts';
import { MEDIATOR_LIMITS } from '../../../src/mediator/limits.ts';
import { readAuthority } from '../../../src/mediator/origin/destination.ts';
import { readPin } from '../../../src/mediator/origin/pin.ts';
import { createResolver } from '../../../src/mediator/origin/resolver.ts';
import { CONNECT_ANSWERS } from '../../../src/mediator/tunnel/tunnel-answers.ts';
import { TunnelConnection } from '../../../src/mediator/tunnel/tunnel-connection.ts';
import type { TunnelRecord } from '../../../src/mediator/tunnel/tunnel-event.ts';
import { until } from '../../until.ts';
import { policyOf } from '../policy-of.ts';
import { smallMediation, socketPair } from './small-mediation.ts';

const endings: (() => unknown)[] = [];
afterEach(() => endings.splice(0).forEach(end => end()));

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
  const mediation = smallMediation({
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
    record: record => {
      records.push(record);
      return null;
    },
    recordThen: (record, written) => {
      records.push(record);
      setImmediate(written, null);
    },
  });
  const request = {
    client: (await socketPair(endings)).near,
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
