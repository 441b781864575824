/**
 * The tests that take many seconds each: they start real clients by the dozen, or several programs one after the other. `npm run torture`
 * runs them, and so does CI; an everyday `npm test` leaves them out.
 */
export const LONG_TESTS: readonly string[] = [
  'test/commands/as-started.test.ts',
  'test/commands/fleet/fleet-policy.test.ts',
  'test/commands/fleet/policy-follower.test.ts',
  'test/commands/readers.test.ts',
  'test/commands/fleet/ship-records.test.ts',
  'test/commands/fleet/ship.test.ts',
  'test/mediator/ca-dir.test.ts',
  'test/mediator/clients/client-matrix.test.ts',
  'test/mediator/confine/confine.test.ts',
  'test/mediator/confine/confined-programs.test.ts',
  'test/mediator/env.test.ts',
  'test/mediator/exchange/http1-exchange.test.ts',
  'test/mediator/joined-run.test.ts',
  'test/mediator/origin/origin-connections.test.ts',
  'test/mediator/run-clients.test.ts',
  'test/reading/resumed/counted-files.test.ts',
];
