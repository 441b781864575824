import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ListChange } from '../../../src/core/policy/dialect.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';
import { changedLines } from '../changed-lines.ts';
import { entry, type GeneratedList, generatedPolicy } from '../generated-policy.ts';
import { runs } from '../../runs.ts';

const which = fc.nat({ max: 1 });
const comment = fc.constantFrom(null, 'egresstop: until 2026-11-20T18:00:00Z');

function spliced(text: string, ...changes: readonly ListChange[]): string {
  const result = applyChanges(text, 'yaml', changes);
  if (result.type === 'refused') throw new Error(`${result.why}\n${text}`);
  return result.text;
}

const dataOf = (lists: readonly GeneratedList[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(lists.map(({ key, values }) => [key, values]));

const withList = (
  lists: readonly GeneratedList[],
  at: number,
  change: (values: readonly string[]) => readonly string[],
): readonly GeneratedList[] =>
  lists.map((list, i) => (i === at ? { ...list, values: change(list.values) } : list));

/** The lines that are no part of the list: those before its key, and those from the other key on. */
function outside(text: string, key: string): readonly string[] {
  const lines = text.split('\n');
  const first = lines.findIndex(line => line.startsWith(`${key}:`));
  const last = lines.findIndex((line, i) => i > first && /^(?:allow|passthrough):/.test(line));
  return [...lines.slice(0, first), ...(last === -1 ? [] : lines.slice(last))];
}

describe('whatever the handwriting', () => {
  it('an added entry stands at the end of its list, and everything else stays', () => {
    fc.assert(
      fc.property(generatedPolicy, which, entry, comment, ({ text, lists }, at, value, comment) => {
        const key = lists[at]?.key ?? '';
        const after = spliced(text, { type: 'add', path: [key], value, comment });
        expect(parse(after)).toEqual(dataOf(withList(lists, at, values => [...values, value])));
        expect(outside(after, key)).toEqual(outside(text, key));
        expect(after.includes(comment ?? '')).toBe(true);
        expect(after.endsWith('\n')).toBe(text.endsWith('\n'));
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text) || !text.includes('\n'));
      }),
      { numRuns: runs(1500) },
    );
  });

  it('in a block list an added entry is one line more, a removed one a line less', () => {
    fc.assert(
      fc.property(generatedPolicy, which, entry, fc.nat(), ({ text, lists }, at, value, pick) => {
        const list = lists[at];
        fc.pre(list !== undefined && list.style === 'block' && list.values.length > 1);
        const path = [list.key];
        const eol = text.includes('\r') ? '\r\n' : '\n';
        const added = changedLines(
          text + eol,
          spliced(text, { type: 'add', path, value, comment: null }) + eol,
        );
        expect(added.map(line => line[0])).toEqual(['+']);
        const removal = { type: 'remove', path, index: pick % list.values.length } as const;
        expect(changedLines(text + eol, spliced(text, removal) + eol).map(line => line[0])).toEqual(['-']);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('a removed entry is gone, and everything else stays', () => {
    fc.assert(
      fc.property(generatedPolicy, which, fc.nat(), ({ text, lists }, at, pick) => {
        const list = lists[at];
        fc.pre(list !== undefined && list.values.length > 0);
        const index = pick % list.values.length;
        const after = spliced(text, { type: 'remove', path: [list.key], index });
        expect(parse(after)).toEqual(dataOf(withList(lists, at, values => values.toSpliced(index, 1))));
        expect(outside(after, list.key)).toEqual(outside(text, list.key));
        for (const above of text.match(/^ *# (?:above|- old).*$/gm) ?? []) expect(after).toContain(above);
      }),
      { numRuns: runs(1500) },
    );
  });

  it('what is added and removed again leaves every byte as it was', () => {
    fc.assert(
      fc.property(generatedPolicy, which, entry, comment, ({ text, lists }, at, value, comment) => {
        const list = lists[at];
        fc.pre(list !== undefined && list.values.length > 0);
        fc.pre(comment === null || list.style !== 'packed' || list.values.length === 1);
        const path = [list.key];
        const added = spliced(text, { type: 'add', path, value, comment });
        expect(spliced(added, { type: 'remove', path, index: list.values.length })).toBe(text);
      }),
      { numRuns: runs(1500) },
    );
  });

  it('additions and removals at once are made as if one by one', () => {
    const wishes = fc.array(fc.record({ at: which, value: entry }), { maxLength: 4 });
    fc.assert(
      fc.property(
        generatedPolicy,
        wishes,
        fc.array(fc.tuple(which, fc.nat())),
        ({ text, lists }, wishes, picks) => {
          const additions = wishes.map(({ at, value }) => ({
            type: 'add' as const,
            path: [lists[at]?.key ?? ''],
            value,
            comment: null,
          }));
          const gone = picks.flatMap(([at, pick]) => {
            const list = lists[at];
            return list && list.values.length > 0
              ? [{ type: 'remove' as const, path: [list.key], index: pick % list.values.length }]
              : [];
          });
          const wanted = lists.map(({ key, style, values }) => ({
            key,
            style,
            values: [
              ...values.filter(
                (_, index) => !gone.some(removal => removal.path[0] === key && removal.index === index),
              ),
              ...additions.filter(addition => addition.path[0] === key).map(({ value }) => value),
            ],
          }));
          expect(parse(spliced(text, ...gone, ...additions))).toEqual(dataOf(wanted));
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});
