import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { ByteMeter } from '../../../src/mediator/byte-meter.ts';
import { MEDIATOR_LIMITS } from '../../../src/mediator/limits.ts';
import { LiveExchanges } from '../../../src/mediator/live-exchanges.ts';
import type { Mediation } from '../../../src/mediator/mediation.ts';
import { createResolver } from '../../../src/mediator/origin/resolver.ts';
import { policyOf } from '../policy-of.ts';

/** A mediation that denies, dials nothing and records nothing, but for the parts that a test gives. */
export const smallMediation = (parts: Partial<Mediation>): Mediation => ({
  questions: null,
  rules: () => ({ policy: policyOf('allow: []\n'), mode: 'strict', interceptsUnlisted: true }),
  resolver: createResolver([], async () => [], MEDIATOR_LIMITS),
  dial: () => Promise.reject(new Error('no network here')),
  dstOf: () => '',
  trust: createSecureContext(),
  leaves: () => Promise.reject(new Error('no leaf here')),
  limits: MEDIATOR_LIMITS,
  meter: new ByteMeter(null),
  live: new LiveExchanges(),
  isSelf: () => false,
  record: () => null,
  recordThen: (_, written) => setImmediate(written, null),
  blocked: () => null,
  processes: null,
  now: () => 0,
  keepsQueries: false,
  ...parts,
});

/** Both ends of a connection on loopback. */
export async function socketPair(endings: (() => unknown)[]): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const far = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
  const [near] = await accepted;
  for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  endings.push(
    () => far.destroy(),
    () => near.destroy(),
    () => server.close(),
  );
  return { near, far };
}
