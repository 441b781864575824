import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EnvelopeItems } from '../../../src/sources/lines/envelope-items.ts';

/** The items of a text that comes in pieces, and how the walk ended. */
function walked(way: readonly string[], text: string, cuts: readonly number[], isOneLine = false) {
  const bytes = Buffer.from(text);
  const items = new EnvelopeItems(way, isOneLine);
  const found: string[] = [];
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, from] of places.slice(0, -1).entries()) {
    const piece = bytes.subarray(from, places[index + 1]);
    for (const step of items.push(piece)) {
      if (step.type !== 'item') return { found, end: step.type, at: from + step.at };
      const part = piece.toString('latin1', step.start, step.end);
      if (step.isFirst) found.push(part);
      else found.push(`${found.pop() ?? ''}${part}`);
    }
  }
  return { found, end: 'open', at: bytes.length };
}

/** The same values by JSON.parse. A value on the way of another type than the way wants is one of them. */
function values(root: unknown, [step, ...way]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [root];
  if (step === '*') return Array.isArray(root) ? root.flatMap(item => values(item, way)) : [root];
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return [root];
  const inner = (root as Readonly<Record<string, unknown>>)[step];
  return inner === undefined ? [] : values(inner, way);
}

const WAY = ['a', 'b', '*', 'c', '*'];
const cuts = fc.array(fc.nat(), { maxLength: 4 });
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string(),
  fc.constantFrom('"', '\\', '{[', ']}', 'é'),
);
const list = (inner: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: fc.array(inner) }, leaf);
const object = (key: string, inner: fc.Arbitrary<unknown>) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.dictionary(fc.constantFrom('x', 'y', 'ab'), leaf), inner, fc.boolean())
        .map(([others, value, isFirst]) =>
          isFirst ? { [key]: value, ...others } : { ...others, [key]: value },
        ),
    },
    leaf,
  );
const root = fc.tuple(object('b', list(object('c', list(leaf)))), leaf).map(([a, other]) => ({ other, a }));
const indent = fc.constantFrom(undefined, 1, '\t');

it('the values at the end of a way are those of JSON.parse, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(root, indent, cuts, (value, spaces, places) => {
      const text = JSON.stringify(value, null, spaces);
      const { found, end, at } = walked(WAY, `${text}\n{"a":1}`, places);
      expect(found.map(item => JSON.parse(Buffer.from(item, 'latin1').toString('utf8')) as unknown)).toEqual(
        values(JSON.parse(text), WAY), // a text holds no -0
      );
      expect([end, at]).toEqual(['end', Buffer.byteLength(text)]);
    }),
  );
});

it('a line end tears an object that stands on one line, and a text of any object', () => {
  fc.assert(
    fc.property(root, fc.nat(), cuts, (value, place, places) => {
      const text = JSON.stringify(value);
      const at = 1 + (place % (Buffer.byteLength(text) - 1));
      const torn = Buffer.concat([Buffer.from(text).subarray(0, at), Buffer.from('\n{"a":1}')]);
      const walk = walked(WAY, torn.toString('latin1'), places, true);
      expect([walk.end, walk.at]).toEqual([
        'broken',
        Buffer.byteLength(torn.toString('latin1').slice(0, at)),
      ]);
    }),
  );
  expect(walked(['a', '*'], '{"a":["b\n', [])).toMatchObject({ end: 'broken', at: 8 });
});

it.each([
  ['another bracket closes a list on the way', '{"a":[1}', 7],
  ['an object stands where a key is due', '{"x":1,{"a":[1]}', 7],
])('the walk ends where %s', (_why, text, at) => {
  expect(walked(['a', '*'], text, [])).toMatchObject({ end: 'broken', at });
});
