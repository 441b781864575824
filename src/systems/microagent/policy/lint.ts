import type { Entry, ListName, Policy, EntryEdit, Warning } from '../../../core/policy/dialect.ts';
import { EntryIndex, normaliseEntry } from '../../../core/policy/entry-index.ts';
import { neverMatches } from '../../../core/policy/never-matches.ts';
import type { Problem } from '../../../core/problem.ts';
import {
  beforeWriting,
  breadthRisk,
  insideRisk,
  type Remark,
  unmatchable,
  warning,
} from '../../policy-text/entry-risk.ts';

/** The warnings about a policy, each with its entry. */
export function lintPolicy(entries: readonly Entry[], path: string): readonly Problem[] {
  const before = new Lists([]);
  const all = new Lists(entries);
  return entries.flatMap(entry => {
    const found = [...remarks(entry.text), ...among(entry, before, all)];
    before.of(entry.list).add(entry);
    const place = { source: path, line: entry.line, column: entry.column, severity: 'warning' as const };
    return found.map(({ why, remedy }) => ({ ...place, why: `${entry.text}: ${why}`, remedy }));
  });
}

/** The warnings before these entries are written: the risks that they open, and the ones that never match. */
export function warnOf(policy: Policy, edit: EntryEdit): readonly Warning[] {
  const removed = new Set(
    edit.filter(({ type }) => type === 'remove').map(wish => `${wish.list} ${normaliseEntry(wish.entry)}`),
  );
  const staying = new Lists(
    policy.entries.filter(({ list, text }) => !removed.has(`${list} ${normaliseEntry(text)}`)),
  );
  return edit.flatMap(wish => {
    if (wish.type === 'remove') return [];
    const entry: Entry = { list: wish.list, text: wish.entry, line: 0, column: 0, until: wish.until ?? null };
    const found = [...remarks(wish.entry), ...among(entry, new Lists([]), staying)];
    return found.map(remark => beforeWriting(wish.entry, remark));
  });
}

/** The entries of each list, indexed. */
class Lists {
  readonly #lists: Readonly<Record<ListName, EntryIndex>>;

  constructor(entries: readonly Entry[]) {
    const listed = (list: ListName): EntryIndex =>
      new EntryIndex(entries.filter(entry => entry.list === list));
    this.#lists = { allow: listed('allow'), passthrough: listed('passthrough'), deny: listed('deny') };
  }

  of(list: ListName): EntryIndex {
    return this.#lists[list];
  }
}

/** Remarks on one entry alone. */
function remarks(text: string): readonly Remark[] {
  const never = neverMatches(text);
  if (never) return [unmatchable(never)];
  const name = normaliseEntry(text);
  const base = name.replace(/^\./, '');
  const risk = insideRisk(base) ?? (name.startsWith('.') ? breadthRisk(base) : null);
  return risk ? [risk] : [];
}

/** Remarks on an entry in relation to others. `before` holds the entries above it. */
function among({ list, text }: Entry, before: Lists, all: Lists): readonly Remark[] {
  const name = normaliseEntry(text);
  const twin = before.of(list).equal(name);
  if (twin) return [warning(`listed twice${placeOf(twin)}`, 'remove one')];
  const suffix = all.of(list).suffixOver(name);
  const opaque = list === 'allow' ? all.of('passthrough').equal(name) : null;
  return [
    ...(suffix ? [alreadyCovered(suffix)] : []),
    ...(opaque
      ? [
          warning(
            `stands in passthrough too${placeOf(opaque)}, which wins: its TLS is never opened`,
            'remove it from one list',
          ),
        ]
      : []),
  ];
}

const alreadyCovered = (suffix: Entry): Remark =>
  warning(
    `already covered by ${suffix.text}${placeOf(suffix)}`,
    'remove it, or keep it as a note to yourself',
  );

const placeOf = (entry: Entry): string => (entry.line > 0 ? ` (line ${entry.line})` : '');
