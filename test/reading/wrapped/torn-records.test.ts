import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { runs } from '../../runs.ts';
import { decoded, LINES } from '../generated-log.ts';
import { bulk, counts, threeWays } from './three-ways.ts';

const WHOLE = '{"event":"egress_deny","host":"b.example","reason":"r","ts":"2026-06-16T00:00:01Z"}';
/** Every kind of value, and another record as a text, as a field and in a list. */
const ODD = `{"event":"egress_allow","n":-12.5e+3,"ok":true,"no":null,"text":"a\\"b\\\\c{ \\u00e9}","as text":${JSON.stringify(WHOLE)},"field":${WHOLE},"list":[1,${WHOLE},[]],"empty":{},"host":"a.example"}`;

interface LineCounts {
  readonly events: readonly string[];
  readonly malformed: number;
}

function countsOf(line: string): LineCounts {
  const events: string[] = [];
  let malformed = 0;
  new LineDecoder(SYSTEMS).decode(
    { source: 'a.jsonl', first: 1, lines: [line] },
    {
      event: ({ raw }) => events.push(JSON.stringify(raw)),
      unrecognised: ({ raw }) => events.push(JSON.stringify(raw)),
      malformed: () => (malformed += 1),
    },
  );
  return { events, malformed };
}

/** Whether a value may stand behind this beginning of an object: what follows may then be a field of it. */
function takesValue(beginning: string): boolean {
  const closers: string[] = [];
  for (const [token] of beginning.matchAll(/"(?:[^"\\]|\\.)*"?|[[{}\]]/g)) {
    if (token === '{') closers.unshift('}');
    if (token === '[') closers.unshift(']');
    if (token === '}' || token === ']') closers.shift();
  }
  try {
    JSON.parse(`${beginning}{}${closers.join('')}`);
    return true;
  } catch {
    return false;
  }
}

const cutOf = (line: string, share: number): string =>
  line.slice(0, 1 + Math.floor(share * (line.length - 1)));
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Without those of a writer that escapes nothing: what stands in a broken line of it could be written by a request. */
const RECORDS = LINES.filter(text => !/"_schema":"audit\/|"event":"http_access"/.test(text));
const line = fc.constantFrom(...RECORDS, ODD);
const separator = fc.constantFrom('', ' ', '\0\0\0', '\x1e', '\uFEFF', ',');

it('a whole record behind a torn one counts, and the torn one is malformed, wherever it was torn', () => {
  fc.assert(
    fc.property(line, share, fc.constantFrom(...RECORDS), separator, (torn, at, whole, between) => {
      const beginning = cutOf(torn, at);
      const isField = takesValue(`${beginning}${between}`);
      expect(countsOf(`${beginning}${between}${whole}`)).toEqual({
        events: isField ? [] : countsOf(whole).events,
        malformed: 1,
      });
    }),
    { numRuns: runs(1_000) },
  );
});

it('several records torn one over another are malformed, and the whole one behind them counts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, share), { minLength: 2, maxLength: 4 }),
      fc.constantFrom(...RECORDS),
      (torn, whole) => {
        const beginnings = torn.map(([text, at]) => cutOf(text, at));
        fc.pre(!beginnings.some(takesValue));
        const { events, malformed } = countsOf(`${beginnings.join('')}${whole}`);
        expect(events).toEqual(countsOf(whole).events);
        expect(malformed).toBeGreaterThan(0); // a torn text may hide the torn record behind it
        expect(malformed).toBeLessThanOrEqual(beginnings.length);
      },
    ),
    { numRuns: runs(500) },
  );
});

it('nothing within a torn record is counted, wherever it was torn', () => {
  for (let end = 1; end < ODD.length; end += 1)
    expect([end, countsOf(ODD.slice(0, end))]).toEqual([end, { events: [], malformed: 1 }]);
});

it('a record that was torn at each of its places and written over is counted alike in three ways', async () => {
  const lines = Array.from(ODD.slice(1), (_, index) => `${ODD.slice(0, index + 1)}${WHOLE}`);
  const fields = lines.filter((_, index) => takesValue(ODD.slice(0, index + 1))).length;
  expect(fields).toBeGreaterThan(5);
  const [plain, ...others] = await threeWays(lines);
  expect([plain?.totals.deny, plain?.malformed]).toEqual([lines.length - fields, lines.length]);
  for (const other of others) expect(counts(other)).toEqual(plain && counts(plain));
});

it('any torn and whole records give the same by the bytes as line by line', () => {
  const piece = fc.tuple(line, fc.option(share, { nil: 1 })).map(([text, at]) => cutOf(text, at));
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(piece, piece).map(pieces => pieces.join('')),
        { minLength: 1, maxLength: 12 },
      ),
      fc.integer({ min: 1, max: 9_000 }),
      (lines, size) => {
        const bytes = Buffer.from(`${lines.join('\n')}\n`);
        expect(counts(bulk('a.jsonl', bytes, size))).toEqual({ ...decoded(bytes), problems: [] });
      },
    ),
    { numRuns: runs(300) },
  );
});

it('a line of torn records without an end is read in a time that grows with its length alone', () => {
  for (const unit of ['{', '{"a":"', '{"a":{"b":[', '{"a":"b{"', '{"a{":1,{'])
    expect(countsOf(unit.repeat(1_000_000 / unit.length)).malformed).toBeGreaterThan(0);
}, 10_000);
