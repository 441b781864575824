/**
 * Facts about public domain names, passed in because core has no list of public suffixes. All names are lower-case, without dots at their
 * ends.
 */
export interface DomainNames {
  /** The registrable domain of a host, also below private suffixes (`foo.github.io`, not `github.io`). Null for an address or a suffix. */
  readonly registered: (host: string) => string | null;
  /** Whether names below `base` belong to different owners: `base` is a public suffix or a multi-tenant domain. */
  readonly isShared: (base: string) => boolean;
  /** The kind of private address that an entry for this name would open; null for a public name. */
  readonly insideRisk: (name: string) => string | null;
  /** The name with its punycode decoded. */
  readonly toUnicode: (host: string) => string;
}

/** The same facts with a cache, for queries about 200,000 hosts. */
export function rememberedNames(names: DomainNames): DomainNames {
  const [registered, shared] = [new Map<string, string | null>(), new Map<string, boolean>()];
  return {
    ...names,
    registered: host => remembered(registered, host, names.registered),
    isShared: base => remembered(shared, base, names.isShared),
  };
}

function remembered<Value>(known: Map<string, Value>, key: string, ask: (key: string) => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = ask(key);
  known.set(key, value);
  return value;
}
