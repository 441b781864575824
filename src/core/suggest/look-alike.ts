import type { DomainNames } from './domain-names.ts';
import { skeleton } from './skeleton.ts';

/** The shortest known domain that is compared for typing errors. Shorter ones resemble too many names by accident. */
const SHORTEST = 6;
/** The most labels of a host that are examined. Names have up to 253 characters, and an agent chose them. */
const LABELS = 12;

/**
 * Finds names that imitate known domains. They look the same (UTS 39), differ by one keystroke, or have a known name in front of another's
 * domain. Compares registrable domains. The time for a host is proportional to its length.
 */
export class LookAlikes {
  readonly #names: DomainNames;
  readonly #known = new Set<string>();
  /** The last labels of the known domains. A host without any of them cannot hold a known domain. */
  readonly #lastLabels = new Set<string>();
  readonly #bySkeleton = new Map<string, string>();
  /** Known domains by each text that remains when one character is removed. Two names one keystroke apart share such a text. */
  readonly #byGap = new Map<string, string>();
  /** Cache of the imitated domain for each registrable domain. */
  readonly #near = new Map<string, string | null>();

  /** `known` are registrable domains. */
  constructor(known: Iterable<string>, names: DomainNames) {
    this.#names = names;
    for (const domain of known) {
      this.#known.add(domain);
      this.#lastLabels.add(domain.slice(domain.lastIndexOf('.') + 1));
      this.#bySkeleton.set(skeleton(names.toUnicode(domain)), domain);
      if (domain.length >= SHORTEST) for (const gap of gapsOf(domain)) this.#byGap.set(gap, domain);
    }
  }

  /** A warning that names the imitated domain; null without one. */
  remark(host: string): string | null {
    const domain = this.#names.registered(host) ?? host;
    const near = this.#nearTo(domain);
    if (near !== null) return `looks like ${near} but is another name`;
    const spelled = this.#spelledOut(host, domain);
    if (spelled !== null) return `spells ${spelled}, but belongs to ${domain}`;
    return !this.#known.has(domain) && /(?:^|\.)xn--/.test(host)
      ? `an internationalised name: ${this.#names.toUnicode(host)}`
      : null;
  }

  #nearTo(domain: string): string | null {
    if (this.#known.has(domain)) return null;
    let near = this.#near.get(domain);
    if (near === undefined) {
      const read = domain.includes('xn--') ? this.#names.toUnicode(domain) : domain;
      near = this.#bySkeleton.get(skeleton(read)) ?? this.#typed(domain);
      this.#near.set(domain, near);
    }
    return near;
  }

  /** The known domain that differs from this one by one keystroke. */
  #typed(domain: string): string | null {
    if (domain.length < SHORTEST) return null;
    for (const gap of [domain, ...gapsOf(domain)]) {
      const near = this.#known.has(gap) ? gap : this.#byGap.get(gap);
      if (near !== undefined && near !== domain && isOneKeystroke(near, domain)) return near;
    }
    return null;
  }

  /** The known domain at the front of a host, as in `github.com.evil.example` and `github-com.evil.example`. */
  #spelledOut(host: string, domain: string): string | null {
    for (const read of host.includes('-') ? [host, host.replaceAll('-', '.')] : [host]) {
      const labels = read.split('.').slice(-LABELS);
      for (let end = 1; end < labels.length - 1; end += 1) {
        if (!this.#lastLabels.has(labels[end] ?? '')) continue;
        for (let start = Math.max(0, end - 2); start < end; start += 1) {
          const spelled = labels.slice(start, end + 1).join('.');
          if (spelled !== domain && this.#known.has(spelled)) return spelled;
        }
      }
    }
    return null;
  }
}

/** Each text that remains when one character is removed. */
const gapsOf = (text: string): readonly string[] =>
  Array.from(text.slice(0, 64), (_, index) => text.slice(0, index) + text.slice(index + 1));

/**
 * Whether the texts differ by one character added, removed or changed, or by two swapped. Two different digits do not count: `cdn1` and
 * `cdn2` are siblings.
 */
function isOneKeystroke(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  const most = Math.min(one.length, other.length) - start;
  while (end < most && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  if (/^\d*$/.test(left) && /^\d*$/.test(right)) return false;
  const isSwap = left.length === 2 && left[0] === right[1] && left[1] === right[0];
  return (left.length <= 1 && right.length <= 1) || isSwap;
}
