import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { insideKind } from '../../core/policy/inside.ts';
import type { Attempt } from '../../core/policy/dialect.ts';
import { isAddress } from '../../core/host.ts';
import { LIMITS } from '../../core/limits.ts';

const DEADLINE_MS = 3000;
const AT_ONCE = 16;

/** Looks up names, each once. A name without an answer in three seconds counts as not resolved. */
export class NameLookup {
  readonly #known = new Map<string, readonly string[] | null>();
  /** The number of names that could not be looked up. */
  failures = 0;

  /** Looks up all unknown names, a few at a time. */
  async learn(hosts: Iterable<string>): Promise<void> {
    const wanted = new Set([...hosts].filter(host => !this.#known.has(host) && !isAddress(host)));
    const queue = [...wanted].values();
    const work = async (): Promise<void> => {
      for (const host of queue) await this.#learn(host);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted.size) }, work));
  }

  /** The attempt with its name's addresses. If none was recorded, a private address is preferred. */
  resolved(attempt: Attempt): Attempt {
    const addresses = this.#known.get(attempt.host ?? '');
    if (!addresses) return attempt;
    const likely = addresses.find(address => insideKind(address) !== null) ?? addresses[0] ?? null;
    return { ...attempt, addresses, address: attempt.address ?? likely };
  }

  async #learn(host: string): Promise<void> {
    const found = await addressesOf(host);
    if (found === null) this.failures += 1;
    if (this.#known.size < LIMITS.hosts) this.#known.set(host, found);
  }
}

/** The addresses of a name; empty without any, null if the lookup failed. */
async function addressesOf(host: string): Promise<readonly string[] | null> {
  const answer = lookup(host, { all: true }).then(
    found => found.map(({ address }) => address),
    (error: NodeJS.ErrnoException) => (error.code === 'ENOTFOUND' ? [] : null),
  );
  return Promise.race([answer, pause(DEADLINE_MS, null, { ref: false })]);
}
