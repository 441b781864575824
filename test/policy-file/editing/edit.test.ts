import { describe, expect, it } from 'vitest';
import type { Dialect, EntryChange, ListChange } from '../../../src/core/policy/dialect.ts';
import { takeBack, unifiedDiff } from '../../../src/policy-file/editing/diff.ts';
import { editPolicy, type PolicyText } from '../../../src/policy-file/editing/edit.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';

const add: EntryChange = { type: 'add', list: 'allow', entry: 'b' };

/** A dialect that plans something else than it was asked for. */
const planning = (...changes: readonly ListChange[]): Dialect => ({
  ...microagentDialect,
  plan: () => ({ type: 'planned', changes }),
});

/** A text with one entry, read by that dialect. */
const standing = (dialect: Dialect): PolicyText => ({ text: 'allow:\n  - a\n', path: 'p.yaml', dialect });

describe('an edited policy', () => {
  it('comes with its text, its diff, its policy and what was done', () => {
    const outcome = editPolicy(standing(microagentDialect), [add]);
    expect(outcome).toMatchObject({ type: 'edited', text: 'allow:\n  - a\n  - b\n', edit: [add] });
    expect(outcome.type === 'edited' && outcome.diff).toBe(
      '--- p.yaml\n+++ p.yaml\n@@ -1,2 +1,3 @@\n allow:\n   - a\n+  - b\n',
    );
    expect(outcome.type === 'edited' && outcome.policy.judge({ host: 'b', address: null }).verdict).toBe(
      'allow',
    );
  });

  it.each<readonly [string, Dialect]>([
    [
      'another entry than the one named',
      planning({ type: 'add', path: ['allow'], value: 'c', comment: null }),
    ],
    [
      'another list than the one named',
      planning({ type: 'add', path: ['passthrough'], value: 'b', comment: null }),
    ],
    [
      'also another entry',
      planning(
        { type: 'add', path: ['allow'], value: 'b', comment: null },
        { type: 'remove', path: ['allow'], index: 0 },
      ),
    ],
    [
      'an end that nobody asked for',
      planning({
        type: 'add',
        path: ['allow'],
        value: 'b',
        comment: 'egresstop: until 2026-11-20T18:00:00Z',
      }),
    ],
    ['nothing', planning()],
  ])('an edit is refused where it would change %s', (_, dialect) => {
    expect(editPolicy(standing(dialect), [add])).toMatchObject({
      type: 'refused',
      why: 'the edit would change other entries than the ones named',
    });
  });

  it('an edit is refused where its end would not be read back', () => {
    const forgetful = planning({ type: 'add', path: ['allow'], value: 'b', comment: null });
    expect(editPolicy(standing(forgetful), [{ ...add, until: 1 }])).toMatchObject({
      type: 'refused',
    });
  });

  it('an edit is refused for a file that the dialect does not read', () => {
    expect(editPolicy({ text: '', path: 'p.toml', dialect: microagentDialect }, [add])).toMatchObject({
      type: 'refused',
      problems: [{ source: 'p.toml' }],
    });
  });
});

describe('a diff', () => {
  it.each([
    ['of lines', 'a\nb\nc\n', 'a\nB\nc\n'],
    ['without final line break', 'a\nb', 'a\nb\nc'],
    ['with CRLF', 'a\r\nb\r\n', 'a\r\nc\r\n'],
    ['from nothing', '', 'a\n'],
    ['to nothing', 'a\n', ''],
  ])('%s can be taken back', (_, before, after) => {
    expect(takeBack(unifiedDiff('a file\twith "odd" name', before, after), after)).toBe(before);
  });

  it('a diff is not taken back from lines that have changed', () => {
    expect(takeBack(unifiedDiff('p', 'a\nb\nc\n', 'a\nB\nc\n'), 'a\nX\nc\n')).toBe(null);
    expect(takeBack(unifiedDiff('p', 'a\nb\nc\n', 'a\nB\nc\n'), 'A\nB\nc\n')).toBe(null);
    expect(takeBack('garbage @@ -1 +1 @@', 'a')).not.toBe('');
  });
});
