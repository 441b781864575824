import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listedLines } from '../../../src/core/policy/listed-line.ts';
import { applyChanges } from '../../../src/policy-file/splice/splice.ts';

const name = fc.constantFrom('a.example', '.b.example', 'c.example');
const line = fc.oneof(
  fc.constantFrom('', '# a comment', '   ', '\t# b'),
  fc
    .tuple(fc.constantFrom('', ' ', '\t'), name, fc.constantFrom('', ' ', '  # why', '#x'))
    .map(parts => parts.join('')),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isClosed]) => lines.join(end) + (isClosed && lines.length > 0 ? end : ''));

const entriesOf = (text: string): string[] => listedLines(text).map(found => found.text);
const spliced = (...change: Parameters<typeof applyChanges>): string => {
  const result = applyChanges(...change);
  if (result.type === 'refused') throw new Error(result.why);
  return result.text;
};

it('an addition comes last and leaves every byte before it as it was', () => {
  fc.assert(
    fc.property(file, text => {
      const add = { type: 'add', path: [], value: 'new.example', comment: 'egresstop: until x' } as const;
      const after = spliced(text, 'lines', [add]);
      expect(after.startsWith(text)).toBe(true);
      expect(entriesOf(after)).toEqual([...entriesOf(text), 'new.example']);
      expect(after.slice(text.length).trim()).toBe('new.example # egresstop: until x');
    }),
  );
});

it('a removal takes one whole line and no other byte', () => {
  fc.assert(
    fc.property(file, fc.nat(), (text, place) => {
      const found = listedLines(text);
      const entry = found[place % Math.max(1, found.length)];
      if (!entry) return;
      const index = found.indexOf(entry);
      const after = spliced(text, 'lines', [{ type: 'remove', path: [], index }]);
      expect(after).toBe(text.slice(0, entry.start) + text.slice(entry.end));
      expect(entriesOf(after)).toEqual(entriesOf(text).toSpliced(index, 1));
    }),
  );
});

it('an addition after a removal is undone to the same entries', () => {
  const text = 'a.example\n# keep\nb.example';
  const [without, back] = [
    spliced(text, 'lines', [{ type: 'remove', path: [], index: 0 }]),
    (now: string) => spliced(now, 'lines', [{ type: 'add', path: [], value: 'a.example', comment: null }]),
  ];
  expect(without).toBe('# keep\nb.example');
  expect(back(without)).toBe('# keep\nb.example\na.example');
});

it('a file of lines has no other list and no rules', () => {
  const refused = { type: 'refused', why: expect.stringContaining('one list') as string };
  expect(applyChanges('a\n', 'lines', [{ type: 'remove', path: ['x'], index: 0 }])).toMatchObject(refused);
  expect(applyChanges('a\n', 'lines', [{ type: 'insert', path: [], index: 0, item: {} }])).toMatchObject(
    refused,
  );
});
