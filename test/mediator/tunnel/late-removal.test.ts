import { expect, it } from 'vitest';
import type { Exchange } from '../../../src/mediator/request/exchange.ts';
import { LiveExchanges } from '../../../src/mediator/live-exchanges.ts';
import type { OriginClient, OutgoingRequest } from '../../../src/mediator/origin/origin-client.ts';
import type { TunnelRecord } from '../../../src/mediator/tunnel/tunnel-event.ts';
import { policyOf } from '../policy-of.ts';

const exchange: Exchange = {
  caller: { agent: null, tool: null, attempt: null },
  scheme: 'http',
  destination: { host: 'api.test', port: 80, isAddress: false },
  path: '/',
  method: 'GET',
  url: 'http://api.test/',
  startedAt: 0,
};
const resolved = { type: 'resolved', addresses: ['192.0.2.1'], port: 80, isPinned: true } as const;

it('an exchange whose host lost its entry between its ruling and its start is cut, with a record', async () => {
  const records: TunnelRecord[] = [];
  const rulers = {
    rules: () => ({ policy: policyOf('allow: []\n'), mode: 'strict', interceptsUnlisted: true }) as const,
    record: (record: TunnelRecord) => {
      records.push(record);
      return null;
    },
  };
  const origin: OriginClient = {
    send: async ({ signal }: OutgoingRequest) => {
      signal.throwIfAborted();
      throw new Error('it went out');
    },
    upgrade: () => Promise.reject(new Error('no upgrade')),
    close: () => {},
  };
  const outcome = new LiveExchanges().during(rulers, { exchange, origin, resolved }, async revocable => {
    const { signal } = new AbortController();
    const { method, scheme, path } = exchange;
    await revocable.send({
      method,
      scheme,
      path,
      authority: 'api.test',
      fields: [],
      body: null,
      signal,
      connected: () => {},
    });
  });
  await expect(outcome).rejects.toThrow('policy changed: not allowlisted');
  expect(records).toMatchObject([{ event: 'egress_close', host: 'api.test' }]);
});
