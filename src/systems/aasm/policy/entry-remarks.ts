import type { Entry } from '../../../core/policy/dialect.ts';
import {
  breadthRisk,
  insideRisk,
  misfit,
  type Remark,
  unmatchable,
  warning,
} from '../../policy-text/entry-risk.ts';
import { asciiLower } from './ascii-lower.ts';
import { isBlockedAddress } from './blocked-address.ts';
import { HostPatterns } from './host-patterns.ts';
import { misfitOf } from './never-matches.ts';

/** Remarks on one entry: where it does not match, and which risk it opens. */
export function remarksOn(entry: string): readonly Remark[] {
  if (entry === '*')
    return [
      warning(
        'lets every host through; the proxy alone still refuses its blocked addresses',
        'name the hosts',
      ),
    ];
  const found = misfitOf(entry);
  const own = found ? [found.type === 'never' ? unmatchable(found) : misfit(found.why, found.instead)] : [];
  const isWildcard = entry.startsWith('*.');
  const base = asciiLower(entry.trim())
    .replace(/^\*\./, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '');
  const risk = insideRisk(base) ?? (isWildcard && base !== '' ? breadthRisk(base) : null);
  if (!risk) return own;
  const guard = isBlockedAddress(base) ? ', though the proxy refuses it whatever its list says' : '';
  return [...own, { ...risk, why: `${risk.why}${guard}` }];
}

/** The entries of a list in relation to each other. */
export class Neighbours {
  readonly #first = new Map<string, Entry>();
  readonly #wide: HostPatterns;

  constructor(entries: readonly Entry[]) {
    const wide = entries.filter(({ text }) => text === '*' || text.startsWith('*.'));
    this.#wide = new HostPatterns(wide.map(entry => ({ entry, pattern: entry.text })));
    for (const entry of entries) {
      const name = asciiLower(entry.text);
      if (!this.#first.has(name)) this.#first.set(name, entry);
    }
  }

  /** Remarks on an entry in relation to the others. An entry without a place is not in the list yet. */
  remarksOn({ text, line, column }: Pick<Entry, 'text' | 'line' | 'column'>): readonly Remark[] {
    const name = asciiLower(text);
    const twin = this.#first.get(name);
    if (twin && (twin.line !== line || twin.column !== column))
      return [warning(`listed twice (line ${twin.line})`, 'remove one')];
    if (name === '*') return [];
    const wider = this.#wide.find(name.replace(/^\*\./, ''));
    return wider && wider.text !== text
      ? [
          warning(
            `already named by ${wider.text} (line ${wider.line})`,
            'remove it, or keep it for the anomaly detector, which knows no wildcards',
          ),
        ]
      : [];
  }
}
