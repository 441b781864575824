import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isObject } from '../../src/core/record.ts';
import type { EgressEvent } from '../../src/core/event.ts';
import { LineDecoder } from '../../src/reading/line-decoder.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { fixturePath } from '../commands/program.ts';
import { LOGS } from '../reading/generated-log.ts';

/** Each event, without the record that it was made from. */
function decoded(lines: readonly string[]): readonly EgressEvent[] {
  const events: EgressEvent[] = [];
  const never = (): never => expect.unreachable();
  new LineDecoder(SYSTEMS).decode(
    { source: 'a.jsonl', first: 1, lines },
    { event: event => events.push({ ...event, raw: {} }), malformed: never, unrecognised: never },
  );
  return events;
}

/** The record with each number of its own, and of its own objects, written as text. */
const withTexts = (record: object): object =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]: [string, unknown]) => {
      if (typeof value === 'number') return [key, String(value)];
      return [key, isObject(value) ? withTexts(value) : value];
    }),
  );

it.each(LOGS)('a record of %s decodes the same with its numbers written as text', name => {
  const lines = readFileSync(fixturePath(name), 'utf8').trim().split('\n');
  const texts = lines.map(line => JSON.stringify(withTexts(JSON.parse(line) as object)));
  expect(decoded(texts)).toEqual(decoded(lines));
});
