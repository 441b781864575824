/** Knowledge of the world's names. Passed in: the core has no list of suffixes. Names are lower-case, without dots at their ends. */
export interface DomainNames {
  /** The domain that somebody registered, private suffixes honoured (`foo.github.io`, not `github.io`); null for an address or a suffix. */
  readonly registered: (host: string) => string | null;
  /** Whether names below `base` have many owners: a public suffix, or a multi-tenant domain. */
  readonly isShared: (base: string) => boolean;
  /** The part of the inside that an entry for this destination would open; null for a public one. */
  readonly insideRisk: (name: string) => string | null;
  /** The name with its punycode labels read out. */
  readonly toUnicode: (host: string) => string;
}

/** The same answers, each asked for once: for questions about 200,000 hosts at a time. */
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
