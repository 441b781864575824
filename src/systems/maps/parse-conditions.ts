import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { VERDICTS } from '../../core/event.ts';
import { matchesAll } from '../../core/maps/conditions.ts';
import type { Condition, Conditions, MapTest, VerdictRule } from '../../core/maps/field-map.ts';
import { readPath } from './parse-values.ts';
import type { StrictYaml } from '../policy-text/strict-yaml.ts';

/** The most rules, which bounds the work on one record. */
const MOST_RULES = 64;
const MOST_CONDITIONS = 16;
const MOST_PATTERNS = 64;

/** One set of conditions, or a list of sets of which one must be true. */
export function readAlternatives(text: StrictYaml, node: Node | null, what: string): readonly Conditions[] {
  const items = bounded(text, node, what);
  return items.flatMap(item => {
    const conditions = readConditions(text, item, what);
    return conditions.length === 0 ? [] : [conditions];
  });
}

/** The verdicts in order. `when` holds the conditions that every record of the map meets. */
export function readVerdicts(
  text: StrictYaml,
  node: Node | null,
  when: readonly Conditions[],
): readonly VerdictRule[] {
  if (!isSeq(node)) {
    text.error(
      node,
      'verdict must be a list of verdicts, each with its conditions',
      'write - deny: {action: blocked}',
    );
    return [];
  }
  return bounded(text, node, 'verdict').flatMap(item => {
    const entries = text.entries(item, 'an item of verdict', VERDICTS);
    if (isMap(item) && item.items.length !== 1)
      text.error(
        item,
        'an item of verdict is one verdict with its conditions',
        'write - deny: {action: blocked}',
      );
    return entries.map(({ key, offset, value }) => {
      const verdict = key as VerdictRule['verdict']; // `entries` returns only these keys
      const conditions = readConditions(text, value, verdict);
      if (verdict === 'allow' && conditions.length > 0 && !conditions.some(each => saysSo(each, when)))
        text.error(
          offset,
          'allow names no value that says so: a value that nobody listed would count as allowed',
          'name the value that a record has only where it let something through',
        );
      return { verdict, when: conditions };
    });
  });
}

/** Whether the condition names values other than those that every record of the map has. */
function saysSo({ path, test }: Condition, when: readonly Conditions[]): boolean {
  if (test.type !== 'is') return false;
  const isImplied = (given: Conditions): boolean =>
    given.some(
      other =>
        other.path.text === path.text &&
        other.test.type === 'is' &&
        other.test.patterns.every(pattern => test.patterns.includes(pattern)),
    );
  return !when.every(isImplied);
}

function bounded(text: StrictYaml, node: Node | null, what: string): readonly (Node | null)[] {
  const items = text.items(node);
  if (items.length === 0 || items.length > MOST_RULES)
    text.error(node, `${what} has ${items.length} items: 1 to ${MOST_RULES} are allowed`);
  return items.slice(0, MOST_RULES);
}

/** The conditions of a map: paths with their tests. An empty map would always be true, so it is a fault. */
function readConditions(text: StrictYaml, node: Node | null, what: string): Conditions {
  const entries = text.entries(node, what);
  if (isMap(node) && (entries.length === 0 || entries.length > MOST_CONDITIONS))
    text.error(node, `${what} has ${entries.length} conditions: 1 to ${MOST_CONDITIONS} are allowed`);
  return entries.slice(0, MOST_CONDITIONS).flatMap(({ key, offset, value }): readonly Condition[] => {
    const path = readPath(text, offset, key);
    const test = readTest(text, value, key);
    return path && test ? [{ path, test }] : [];
  });
}

function readTest(text: StrictYaml, node: Node | null, path: string): MapTest | null {
  if (!isMap(node)) return patternTest(text, node, { path, type: 'is' });
  const entries = text.entries(node, `the condition of ${path}`, ['exists', 'not', 'other']);
  const [entry] = entries;
  if (!entry) return null;
  if (node.items.length !== 1) {
    text.error(node, `the condition of ${path} is one of exists, not and other`);
    return null;
  }
  if (entry.key === 'not' || entry.key === 'other')
    return patternTest(text, entry.value, { path, type: entry.key });
  const wanted = text.word(entry.value, 'exists', ['true', 'false']);
  return wanted === null ? null : { type: 'exists', wanted: wanted === 'true' };
}

function patternTest(
  text: StrictYaml,
  node: Node | null,
  { path, type }: { readonly path: string; readonly type: 'is' | 'not' | 'other' },
): MapTest | null {
  const items = text.items(node);
  if (items.length === 0 || items.length > MOST_PATTERNS) {
    text.error(node, `${path} has ${items.length} values: 1 to ${MOST_PATTERNS} are allowed`);
    return null;
  }
  const patterns = items.flatMap(item => {
    if (isScalar(item) && item.value === null) {
      text.error(
        item,
        `${path} has no value to compare with`,
        'write {exists: false} for a value that is not there',
      );
      return [];
    }
    const pattern = text.text(item, `a value of ${path}`);
    if (pattern === null) return [];
    if (matchesAll(pattern)) {
      text.error(
        item,
        `${pattern} stands for every value of ${path}`,
        'write {exists: true}, or name the values',
      );
      return [];
    }
    return [pattern];
  });
  return patterns.length === 0 ? null : { type, patterns };
}
