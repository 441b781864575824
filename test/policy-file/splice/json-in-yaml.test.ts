import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editPolicy, type EditOutcome } from '../../../src/policy-file/editing/edit.ts';
import { aasmDialect } from '../../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';

const edited = (text: string, entry: string, until?: number): EditOutcome =>
  editPolicy({ text, path: 'p.yaml', dialect: microagentDialect }, [
    { type: 'add', list: 'allow', entry, ...(until === undefined ? {} : { until }) },
  ]);

describe('JSON in a file that is called YAML', () => {
  it.each<[text: string, after: string]>([
    ['{"allow": ["a.example"]}', '{"allow": ["a.example", "b.example"]}'],
    ['{"allow": []}\n', '{"allow": ["b.example"]}\n'],
    ['{"allow": null}', '{"allow": ["b.example"]}'],
    [
      '{\n  "allow": [\n    "a.example"\n  ]\n}\n',
      '{\n  "allow": [\n    "a.example",\n    "b.example"\n  ]\n}\n',
    ],
  ])('%j stays JSON after an addition', (text, after) => {
    expect(edited(text, 'b.example')).toMatchObject({ type: 'edited', text: after });
  });

  it('any JSON map of lists stays JSON after an addition and a removal', () => {
    const names = fc.uniqueArray(fc.constantFrom('a.example', 'b.example', '.c.example', '10.0.0.1'));
    fc.assert(
      fc.property(
        fc.record({ allow: names, passthrough: names }, { requiredKeys: [] }),
        fc.constantFrom(0, 2, 4),
        (lists, indent) => {
          const added = edited(JSON.stringify(lists, null, indent), 'new.example');
          if (added.type !== 'edited') throw new Error(added.why);
          expect(JSON.parse(added.text)).toEqual({
            ...lists,
            allow: [...(lists.allow ?? []), 'new.example'],
          });
          const removed = editPolicy({ text: added.text, path: 'p.yaml', dialect: microagentDialect }, [
            { type: 'remove', list: 'allow', entry: 'new.example' },
          ]);
          expect(removed.type === 'edited' && JSON.parse(removed.text)).toEqual({
            ...lists,
            allow: lists.allow ?? [],
          });
        },
      ),
    );
  });

  it('a grant is refused there, for its end is a comment', () => {
    expect(edited('{"allow": []}', 'b.example', 4_102_444_800_000)).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('written in JSON') as string,
    });
  });

  it('agent-assembly’s policy in JSON stays JSON as well', () => {
    const text = '{"network": {"allowlist": ["a.example"]}}';
    const outcome = editPolicy({ text, path: 'p.yaml', dialect: aasmDialect }, [
      { type: 'add', list: 'allow', entry: 'b.example' },
    ]);
    expect(outcome).toMatchObject({ text: '{"network": {"allowlist": ["a.example", "b.example"]}}' });
  });
});
