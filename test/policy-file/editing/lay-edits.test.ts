import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, EntryChange, PolicyEdit } from '../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { layEdits, type LaidEdits } from '../../../src/policy-file/editing/lay-edits.ts';
import { microagentDialect as dialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { generatedPolicy } from '../generated-policy.ts';
import { runs } from '../../runs.ts';

const PATH = '/etc/policy.yaml';
const TEXT = 'allow:\n  - docs.rs\n  - .pypi.org\npassthrough:\n  - pinned.example\n';
const UNTIL = Date.parse('2026-11-20T18:00:00Z');
const add = (entry: string, until?: number): EntryChange => ({
  type: 'add',
  list: 'allow',
  entry,
  ...(until === undefined ? {} : { until }),
});
const remove = (entry: string): EntryChange => ({ type: 'remove', list: 'allow', entry });

function laid(text: string, edits: readonly PolicyEdit[], path = PATH): LaidEdits {
  const result = layEdits({ text, path, dialect }, edits);
  if (result.type === 'refused') throw new Error(result.why);
  return result;
}

const meant = (entries: readonly Entry[]): readonly string[] =>
  [
    ...new Set(
      entries.map(({ list, text, until }) => `${list} ${text.toLowerCase().replace(/\.+$/, '')} ${until}`),
    ),
  ].sort();

describe('edits laid on a policy text', () => {
  it('each edit is laid on the text that the one before made', () => {
    const { text, edits } = laid(TEXT, [[add('a.example')], [remove('a.example'), add('.a.example')]]);
    expect(text).toBe(TEXT.replace('.pypi.org\n', '.pypi.org\n  - .a.example\n'));
    expect(edits).toHaveLength(2);
  });

  it('pass by what is so already, and say so', () => {
    const { edits, notes, whole } = laid(TEXT, [[add('docs.rs')], [add('a.example')]]);
    expect(edits).toEqual([[add('a.example')]]);
    expect(notes).toEqual(['docs.rs already stands in allow']);
    expect(whole).toEqual([add('a.example')]);
  });

  it('all edits are refused when one cannot be done', () => {
    expect(layEdits({ text: TEXT, path: PATH, dialect }, [[add('a.example')], [add('  ')]])).toMatchObject({
      type: 'refused',
      why: 'an entry may not be empty',
    });
    expect(layEdits({ text: 'allow: {', path: PATH, dialect }, [])).toMatchObject({ type: 'refused' });
  });

  it('come to nothing as one where they cancel each other', () => {
    expect(laid(TEXT, [[add('a.example')], [remove('A.example.')]]).whole).toEqual([]);
    expect(laid(TEXT, [[remove('docs.rs')], [add('docs.rs')]]).whole).toEqual([]);
  });

  it('keep the end of a grant, also where the format cannot show it', () => {
    expect(laid(TEXT, [[add('docs.rs', UNTIL)]]).whole).toEqual([add('docs.rs', UNTIL)]);
    const json = laid('{"allow": []}', [[add('a.example', UNTIL)]], '/etc/policy.json');
    expect(json.whole).toEqual([add('a.example', UNTIL)]);
  });

  const change = fc.record({
    type: fc.constantFrom<EntryChange['type']>('add', 'remove'),
    list: fc.constantFrom<EntryChange['list']>('allow', 'passthrough'),
    entry: fc.constantFrom('docs.rs', 'DOCS.rs.', '.pypi.org', 'x', 'new.example', '.a.b'),
    until: fc.constantFrom(undefined, UNTIL),
  });
  const edit = change.map(({ type, list, entry, until }): PolicyEdit => [
    type === 'add' && until !== undefined ? { type, list, entry, until } : { type, list, entry },
  ]);

  it('mean the same one after the other and as one', () => {
    fc.assert(
      fc.property(generatedPolicy, fc.array(edit, { maxLength: 6 }), ({ text }, edits) => {
        const series = layEdits({ text, path: PATH, dialect }, edits);
        fc.pre(series.type === 'laid');
        const once = editPolicy({ text, path: PATH, dialect }, series.whole);
        const entries = once.type === 'edited' ? once.policy.entries : laid(text, []).policy.entries;
        expect(once.type).toBe(series.whole.length === 0 ? 'unchanged' : 'edited');
        expect(meant(entries)).toEqual(meant(series.policy.entries));
      }),
      { numRuns: runs(500) },
    );
  });
});
