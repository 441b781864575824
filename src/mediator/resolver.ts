import { lookup as systemLookup } from 'node:dns/promises';
import { canonicalAddress, type Destination } from './destination.ts';
import type { Pin } from './pin.ts';
import type { Resolution } from './rule-attempt.ts';

/** What stands behind a destination, or why nobody knows. */
export type Resolved =
  | (Resolution & { readonly type: 'resolved'; readonly port: number })
  | { readonly type: 'unresolved'; readonly error: string };

/** Turns a destination into addresses, once; whoever dials must dial one of these. */
export type Resolver = (destination: Destination) => Promise<Resolved>;

/** Asks for every address of a name; rejects when there is none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The system's own look-up: hosts file and DNS. */
export const lookUp: Lookup = async host => {
  const found = await systemLookup(host, { all: true });
  return found.map(({ address }) => address);
};

/** A resolver that asks the operator's pins first, then whoever looks names up. */
export function createResolver(pins: readonly Pin[], lookup: Lookup, timeoutMs: number): Resolver {
  return async ({ host, port, isAddress }) => {
    const pinned = pins.filter(pin => pin.host === host && (pin.forPort === null || pin.forPort === port));
    const [first] = pinned;
    if (first) {
      const addresses = pinned.map(({ address }) => address);
      return { type: 'resolved', addresses, port: first.dialPort ?? port, isPinned: true };
    }
    if (isAddress) return { type: 'resolved', addresses: [host], port, isPinned: false };
    return ask(inTime(lookup, timeoutMs), host, port);
  };
}

async function ask(lookup: Lookup, host: string, port: number): Promise<Resolved> {
  try {
    const addresses = (await lookup(host)).map(canonicalAddress);
    return addresses.length > 0
      ? { type: 'resolved', addresses, port, isPinned: false }
      : { type: 'unresolved', error: `${host} has no address` };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { type: 'unresolved', error: `${host} cannot be resolved (${why})` };
  }
}

/** The system may ask a silent server for half a minute; the client is told sooner. */
const inTime =
  (lookup: Lookup, timeoutMs: number): Lookup =>
  async host => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([lookup(host), late]);
    } finally {
      clearTimeout(timer);
    }
  };
