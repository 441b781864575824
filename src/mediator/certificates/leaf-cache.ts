import type { Identity, Minter } from './authority.ts';

/** Hands out the certificate for a host. */
export type Leaves = (host: string) => Promise<Identity>;

const HOUR_MS = 3_600_000;

/** Keeps the newest `size` leaves; one that ends within the hour is minted anew. Two askers at once get the same. */
export function cachedLeaves(mint: Minter, size: number, now: () => number): Leaves {
  const leaves = new Map<string, ReturnType<Minter>>();
  return async host => {
    const kept = leaves.get(host);
    if (kept && (await kept).until - now() > HOUR_MS) return kept;
    const minted = mint(host, now());
    leaves.delete(host);
    leaves.set(host, minted);
    const [oldest] = leaves.keys();
    if (leaves.size > size && oldest !== undefined) leaves.delete(oldest);
    return minted;
  };
}
