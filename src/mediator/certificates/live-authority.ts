import { openAuthority, type LocalAuthority } from './authority-files.ts';
import { createMinter, validUntil, type Identity } from './authority.ts';
import { cachedLeaves, type Leaves } from './leaf-cache.ts';

interface AuthorityOptions {
  readonly folder: string;
  readonly keptLeaves: number;
  readonly now: () => number;
}

/**
 * The local authority as a running mediator follows it. A successor signs before the old one ends. An authority that was replaced by hand
 * is taken up.
 */
export class LiveAuthority {
  readonly certificatePath: string;
  readonly #folder: string;
  readonly #keptLeaves: number;
  readonly #now: () => number;
  #authority: LocalAuthority;
  #leaves: Leaves;

  private constructor(
    { folder, keptLeaves, now }: AuthorityOptions,
    { authority, leaves }: { readonly authority: LocalAuthority; readonly leaves: Leaves },
  ) {
    this.certificatePath = authority.certificatePath;
    this.#folder = folder;
    this.#authority = authority;
    this.#leaves = leaves;
    this.#keptLeaves = keptLeaves;
    this.#now = now;
  }

  /** Opens what stands in the folder, or makes it. */
  static async open(folder: string, keptLeaves: number, now: () => number): Promise<LiveAuthority> {
    const authority = await openAuthority(folder, now());
    const leaves = await leavesOf(authority, keptLeaves, now);
    return new LiveAuthority({ folder, keptLeaves, now }, { authority, leaves });
  }

  /** The certificates that programs behind the mediator must trust, PEM. */
  get certificates(): string {
    return this.#authority.certificates;
  }

  /** Until when the one that signs now is valid, Unix ms. */
  get until(): number {
    return validUntil(this.#authority.identity.certificate);
  }

  leaf(host: string): Promise<Identity> {
    return this.#leaves(host);
  }

  /** Looks at the files again; says whether anything is other than before. The authority in force stays so where they cannot be read. */
  async refresh(): Promise<boolean> {
    const authority = await openAuthority(this.#folder, this.#now());
    const before = this.#authority;
    if (authority.certificates === before.certificates) return false;
    if (authority.identity.certificate !== before.identity.certificate)
      this.#leaves = await leavesOf(authority, this.#keptLeaves, this.#now);
    this.#authority = authority;
    return true;
  }
}

async function leavesOf(authority: LocalAuthority, kept: number, now: () => number): Promise<Leaves> {
  return cachedLeaves(await createMinter(authority.identity), kept, now);
}
