import type { Entry } from '../../core/policy/dialect.ts';

/**
 * The names that a pattern covers. `host`: its own name. `label`: names one label below. `below`: all names below. `tree`: its own name and
 * all names below. `all`: every host. `glob`: what the expression matches.
 */
export type Reach = 'host' | 'label' | 'below' | 'tree' | 'all' | 'glob';

/** An entry in the form in which its system compares it. */
export interface HostPattern {
  readonly reach: Reach;
  /** In the system's form for comparisons; empty for `all`. */
  readonly name: string;
  /** The only port; null for every port. */
  readonly port: number | null;
  /** Only for `glob`. It must match the whole host. */
  readonly glob?: RegExp;
}

/** An entry with its pattern. */
export interface PatternEntry {
  readonly entry: Entry;
  readonly pattern: HostPattern;
}

/** The host of an attempt in the system's form for comparisons, and its port. */
export interface AskedHost {
  readonly name: string;
  /** Whether the host is an address. Only `host`, `tree` and `all` can cover an address. */
  readonly isAddress: boolean;
  readonly port: number;
}

/** Whether a pattern covers the host. */
export function namesHost({ reach, name, port, glob }: HostPattern, asked: AskedHost): boolean {
  if (port !== null && port !== asked.port) return false;
  const isBelow = !asked.isAddress && asked.name.endsWith(`.${name}`);
  switch (reach) {
    case 'all':
      return true;
    case 'glob':
      return glob?.test(asked.name) ?? false;
    case 'host':
      return asked.name === name;
    case 'tree':
      return asked.name === name || isBelow;
    case 'below':
      return isBelow;
    case 'label':
      return isBelow && !asked.name.slice(0, -name.length - 1).includes('.');
  }
}

/** Whether `outer` covers every host that `inner` covers. */
function isWithin(inner: HostPattern, outer: HostPattern): boolean {
  if (outer.port !== null && outer.port !== inner.port) return false;
  if (outer.reach === 'all') return true;
  if (outer.reach === 'glob')
    return inner.reach === 'glob'
      ? inner.name === outer.name
      : inner.reach === 'host' && !!outer.glob?.test(inner.name);
  if (inner.reach === 'all' || inner.reach === 'glob') return false;
  const isSame = inner.name === outer.name;
  const isBelow = inner.name.endsWith(`.${outer.name}`);
  switch (outer.reach) {
    case 'host':
      return isSame && inner.reach === 'host';
    case 'tree':
      return isSame || isBelow;
    case 'below':
      return isBelow || (isSame && (inner.reach === 'below' || inner.reach === 'label'));
    case 'label':
      return isSame
        ? inner.reach === 'label'
        : inner.reach === 'host' && isBelow && !inner.name.slice(0, -outer.name.length - 1).includes('.');
  }
}

/** Finds the first entry of a list that covers a host. The time is proportional to the host's labels, not to the list's length. */
export class PatternIndex {
  readonly #byName = new Map<string, (PatternEntry & { readonly order: number })[]>();
  readonly #all: (PatternEntry & { readonly order: number })[] = [];

  constructor(entries: readonly PatternEntry[]) {
    for (const [order, { entry, pattern }] of entries.entries()) {
      const listed = { entry, pattern, order };
      const of = this.#byName.get(pattern.name);
      if (pattern.reach === 'all' || pattern.reach === 'glob') this.#all.push(listed);
      else if (of) of.push(listed);
      else this.#byName.set(pattern.name, [listed]);
    }
  }

  /** The first entry in the file that covers the host; null without one. */
  find(asked: AskedHost): Entry | null {
    return this.#first(asked.name, ({ pattern }) => namesHost(pattern, asked));
  }

  /** The first entry that covers the host at any port; null without one. */
  findAtAnyPort(asked: AskedHost): Entry | null {
    return this.#first(asked.name, ({ pattern }) => namesHost({ ...pattern, port: null }, asked));
  }

  /** The first other entry that covers everything the pattern covers; null without one. */
  over(pattern: HostPattern, isOther: (entry: Entry) => boolean): Entry | null {
    return this.#first(pattern.name, listed => isOther(listed.entry) && isWithin(pattern, listed.pattern));
  }

  #first(name: string, isMeant: (listed: PatternEntry) => boolean): Entry | null {
    let best: { readonly entry: Entry; readonly order: number } | null = null;
    const look = (listed: readonly (PatternEntry & { readonly order: number })[] | undefined): void => {
      const found = listed?.find(isMeant);
      if (found && (best === null || found.order < best.order)) best = found;
    };
    look(this.#all);
    look(this.#byName.get(name));
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
      look(this.#byName.get(name.slice(dot + 1)));
    return (best as { readonly entry: Entry } | null)?.entry ?? null;
  }
}
