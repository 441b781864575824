import { describe, expect, it } from 'vitest';
import { NameLookup } from '../../src/commands/simulate/name-lookup.ts';

/** The one name that every machine knows without asking anybody. */
const LOCAL = 'localhost';

describe('names that the operator permits to be looked up', () => {
  it('bring their addresses to the attempt, and one to dial where none was recorded', async () => {
    const lookup = new NameLookup();
    await lookup.learn([LOCAL, LOCAL]);
    const { addresses, address } = lookup.resolved({ host: LOCAL, address: null });
    expect(['127.0.0.1', '::1']).toContain(address);
    expect(addresses).toContain(address);
    expect(lookup.failures).toBe(0);
  });

  it('a name looked up never replaces the address that was recorded', async () => {
    const lookup = new NameLookup();
    await lookup.learn([LOCAL]);
    expect(lookup.resolved({ host: LOCAL, address: '203.0.113.5' }).address).toBe('203.0.113.5');
  });

  it('leave an attempt alone whose host is an address, is missing, or was not asked for', async () => {
    const lookup = new NameLookup();
    await lookup.learn(['203.0.113.5']);
    for (const host of ['203.0.113.5', null, LOCAL])
      expect(lookup.resolved({ host, address: null })).toEqual({ host, address: null });
  });
});
