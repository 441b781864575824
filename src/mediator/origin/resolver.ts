import { lookup as systemLookup } from 'node:dns/promises';
import { canonicalAddress, type CanonicalDestination } from './destination.ts';
import { FairTurns } from '../fair-turns.ts';
import type { MediatorLimits } from '../limits.ts';
import type { Pin } from './pin.ts';
import type { Resolution } from '../rule-attempt.ts';

/** The addresses of a destination and the port to dial there: what is ruled on and dialled. */
export interface ResolvedTarget extends Resolution {
  readonly type: 'resolved';
  readonly port: number;
}

/** Why a destination has no address that is known. */
export interface UnresolvedTarget {
  readonly type: 'unresolved';
  readonly error: string;
}

/** The answer of a resolver. */
export type ResolverAnswer = ResolvedTarget | UnresolvedTarget;

/**
 * Turns a destination into addresses, once; only these may be dialled. Returns at once where no look-up is needed. Look-ups of one agent wait
 * for one another, not for those of other agents.
 */
export type Resolver = (
  destination: CanonicalDestination,
  agent: string | null,
) => ResolverAnswer | Promise<ResolverAnswer>;

/** Asks for every address of a name; rejects when there is none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The system's own look-up: hosts file and DNS. */
export const lookUp: Lookup = async host => {
  const found = await systemLookup(host, { all: true });
  return found.map(({ address }) => address);
};

/** A resolver that uses the operator's pins first, then `lookup`. */
export function createResolver(
  pins: readonly Pin[],
  lookup: Lookup,
  limits: Pick<MediatorLimits, 'connectTimeoutMs' | 'lookups' | 'lookupsPerAgent'>,
): Resolver {
  const ask = fairly(lookup, limits);
  return ({ host, port, isAddress }, agent) => {
    const pinned = pins.filter(pin => pin.host === host && (pin.forPort === null || pin.forPort === port));
    const [first] = pinned;
    if (first) {
      const addresses = pinned.map(({ address }) => address);
      return { type: 'resolved', addresses, port: first.dialPort ?? port, isPinned: true };
    }
    if (isAddress) return { type: 'resolved', addresses: [host], port, isPinned: false };
    return found(ask(host, agent), host, port);
  };
}

async function found(asked: ReturnType<Lookup>, host: string, port: number): Promise<ResolverAnswer> {
  try {
    const addresses = (await asked).map(canonicalAddress);
    return addresses.length > 0
      ? { type: 'resolved', addresses, port, isPinned: false }
      : { type: 'unresolved', error: `${host} has no address` };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { type: 'unresolved', error: `${host} cannot be resolved (${why})` };
  }
}

/**
 * Fails after `connectTimeoutMs`, also while it waits for a turn: the system may ask a silent server for half a minute. A turn ends with
 * the look-up itself, which cannot be cancelled.
 */
function fairly(
  lookup: Lookup,
  { connectTimeoutMs, lookups, lookupsPerAgent }: Parameters<typeof createResolver>[2],
): (host: string, agent: string | null) => ReturnType<Lookup> {
  const turns = new FairTurns(lookups, lookupsPerAgent);
  return async (host, agent) => {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error(`no answer within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    try {
      const over = await turns.take(agent ?? '', late.signal);
      return await Promise.race([lookup(host).finally(over), aborted(late.signal)]);
    } finally {
      clearTimeout(timer);
    }
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // ours: an Error
  });
