import type { Entry, Policy, EntryEdit, Warning } from '../../core/policy/dialect.ts';
import { entryPlace } from '../../core/policy/flag-entries.ts';
import type { Problem } from '../../core/problem.ts';
import { beforeWriting, breadthRisk, insideRisk, type Remark, warning } from './entry-risk.ts';
import { type HostPattern, PatternIndex } from './host-pattern.ts';
import { type PatternGrammar, patternsIn } from './pattern-policy.ts';

/** The facts about a system that the linter needs. */
export interface PatternLinter {
  readonly grammar: PatternGrammar;
  /** A remark on an entry that no host can match, or that the system refuses; null for a valid one. */
  readonly misread: (list: 'allow' | 'deny', entry: string) => Remark | null;
  /** The key of a list in the file. */
  readonly keyOf: (list: 'allow' | 'deny') => string;
}

type Listed = Pick<Entry, 'list' | 'text' | 'line' | 'file'>;

/** The warnings about the entries of a policy, each alone and in relation to the others. */
export function lintPatterns(
  entries: readonly Entry[],
  path: string,
  linter: PatternLinter,
): readonly Problem[] {
  const among = new Neighbours(entries, linter);
  const own = entries.filter(({ file }) => file === undefined);
  return own.flatMap(entry =>
    [...remarksOn(entry, linter), ...among.remarksOn(entry)].map(({ why, remedy }) => ({
      source: path,
      line: entry.line,
      column: entry.column,
      severity: 'warning' as const,
      why: `${entry.text}: ${why}`,
      remedy,
    })),
  );
}

/** The warnings before these entries are written. */
export function warnOfPatterns(
  { entries }: Policy,
  edit: EntryEdit,
  linter: PatternLinter,
): readonly Warning[] {
  const removed = new Set(
    edit.filter(({ type }) => type === 'remove').map(({ list, entry }) => `${list} ${entry}`),
  );
  const staying = entries.filter(({ list, text }) => !removed.has(`${list} ${text}`));
  const among = new Neighbours(staying, linter);
  return edit
    .filter(({ type }) => type === 'add')
    .flatMap(({ list, entry }) => {
      const listed: Entry = { list, text: entry, line: 0, column: 0, until: null };
      return [...remarksOn(listed, linter), ...among.remarksOn(listed)].map(remark =>
        beforeWriting(entry, remark),
      );
    });
}

function remarksOn({ list, text }: Listed, { grammar, misread }: PatternLinter): readonly Remark[] {
  const refused = list === 'passthrough' ? null : misread(list, text);
  if (refused) return [refused];
  const { reach, name } = grammar.pattern(text);
  if (list !== 'allow') return [];
  if (reach === 'all') return [{ severity: 'danger', why: 'opens every host', remedy: 'name the hosts' }];
  const inside = insideRisk(name);
  if (inside) return [inside];
  const breadth = reach === 'host' ? null : breadthRisk(name);
  return breadth ? [breadth] : [];
}

/** The entries of a policy by their patterns. */
class Neighbours {
  readonly #linter: PatternLinter;
  readonly #allow: PatternIndex;
  readonly #deny: PatternIndex;

  constructor(entries: readonly Entry[], linter: PatternLinter) {
    this.#linter = linter;
    const indexOf = (list: 'allow' | 'deny'): PatternIndex =>
      new PatternIndex(patternsIn({ entries: entries.filter(entry => entry.list === list) }, linter.grammar));
    [this.#allow, this.#deny] = [indexOf('allow'), indexOf('deny')];
  }

  remarksOn(entry: Entry): readonly Remark[] {
    const pattern = this.#linter.grammar.pattern(entry.text);
    const own = entry.list === 'allow' ? this.#allow : this.#deny;
    const wider = own.over(pattern, other => this.#isOther(other, entry, pattern));
    const denial = entry.list === 'allow' ? this.#deny.over(pattern, () => true) : null;
    return [
      ...(wider ? [warning(`already covered by ${wider.text}${placeOf(wider)}`, 'remove it')] : []),
      ...(denial
        ? [
            warning(
              `has no effect: ${denial.text} in ${this.#linter.keyOf('deny')}${placeOf(denial)} covers it, and a denial wins`,
              `remove it, or take ${denial.text} out of ${this.#linter.keyOf('deny')}`,
            ),
          ]
        : []),
    ];
  }

  /** Whether `other` counts as another entry. Of two with the same meaning, only the later one gets a remark. */
  #isOther(other: Entry, entry: Entry, pattern: HostPattern): boolean {
    if (other === entry) return false;
    if (other.file !== undefined) return true;
    const theirs = this.#linter.grammar.pattern(other.text);
    const isEqual =
      theirs.reach === pattern.reach && theirs.name === pattern.name && theirs.port === pattern.port;
    return !isEqual || entry.line === 0 || isBefore(other, entry);
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.line < other.line || (one.line === other.line && one.column < other.column);

const placeOf = (entry: Listed): string => (entry.line > 0 ? ` (${entryPlace(entry)})` : '');
