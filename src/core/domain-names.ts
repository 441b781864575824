/** What is known of names in the world. Passed in: the core has no list of suffixes. Names are lower-case, without dots at their ends. */
export interface DomainNames {
  /** The domain that somebody registered, private suffixes honoured (`foo.github.io`, not `github.io`); null for an address or a suffix. */
  readonly registered: (host: string) => string | null;
  /** Whether names below `base` have many owners: a public suffix, or a multi-tenant domain. */
  readonly isShared: (base: string) => boolean;
  /** What an entry for this destination would open of the inside; null for a public one. */
  readonly insideRisk: (name: string) => string | null;
  /** The name with its punycode labels read out. */
  readonly toUnicode: (host: string) => string;
}
