import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isObject, parseObject } from '../../src/core/record.ts';
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

/** The code of a gateway payload, whose texts are words: `"4"` is none of them. */
const isWord = (key: string): boolean => key === 'action_type';

/** The record with each number and truth value of its own, of its own objects, and of an object that stands in it as text, written as text. */
const withTexts = (record: object): object =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]: [string, unknown]) => {
      if (isWord(key)) return [key, value];
      if (typeof value === 'number' || typeof value === 'boolean') return [key, String(value)];
      if (isObject(value)) return [key, withTexts(value)];
      const inner = typeof value === 'string' ? parseObject(value) : null;
      return [key, inner ? JSON.stringify(withTexts(inner)) : value];
    }),
  );

it.each(LOGS)('a record of %s decodes the same with its numbers and truth values written as text', name => {
  const lines = readFileSync(fixturePath(name), 'utf8').trim().split('\n');
  const texts = lines.map(line => JSON.stringify(withTexts(JSON.parse(line) as object)));
  expect(decoded(texts)).toEqual(decoded(lines));
});

it.each(['true', 'True', 'TRUE'])('a request of zeph that is blocked as the text %s is denied', blocked => {
  const line = JSON.stringify({
    timestamp: '1795078810',
    kind: 'egress',
    correlation_id: 'c',
    tool: 'fetch',
    url: 'https://a.example/',
    host: 'a.example',
    method: 'GET',
    status: 200,
    blocked,
    block_reason: 'blocklist',
  });
  expect(decoded([line])).toMatchObject([{ verdict: 'deny', reason: 'blocklist' }]);
});
