import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/event.ts';
import { proposeMap } from '../../../src/core/maps/proposal.ts';
import { Survey } from '../../../src/core/maps/survey.ts';
import { toJson } from '../../../src/report/inert-json.ts';
import { parseMap } from '../../../src/systems/maps/parse-map.ts';
import { proposalText } from '../../../src/systems/maps/proposal-text.ts';
import { runs } from '../../runs.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

/** The map that is proposed for these records, as YAML. */
function proposed(records: readonly JsonObject[]): string {
  const survey = new Survey();
  for (const record of records) survey.add(record);
  return proposalText({
    proposal: proposeMap(survey),
    records: survey.records.length,
    source: 'a\nb.jsonl',
    name: 'log',
    samples: records
      .slice(0, 3)
      .map(record => ({ line: JSON.stringify(record), verdict: 'unlisted', host: null })),
    quote: toJson,
  });
}

const lines = (text: string): readonly string[] =>
  text.split('\n').filter(line => !line.startsWith('  - line:'));

it('a map is proposed with the fields that names and values tell of', () => {
  const text = proposed([
    {
      ts: 1795078800,
      kind: 'egress',
      dest: { name: 'a.example', port: 443 },
      agent: 'bot',
      action: 'passed',
      method: 'GET',
    },
    {
      ts: 1795078801,
      kind: 'egress',
      dest: { name: 'b.example', port: 80 },
      agent: 'bot',
      action: 'blocked',
      why: 'not listed',
    },
  ]);
  expect(lines(text)).toEqual(
    expect.arrayContaining([
      'name: log',
      '  kind: "egress"',
      'host: dest.name  # in 2 of 2: a.example, b.example',
      'time: ts  # in 2 of 2: 1795078800, 1795078801',
      'port: dest.port  # in 2 of 2: 443, 80',
      'agent: agent  # in 2 of 2: bot',
      'method: method  # in 1 of 2: GET',
      'reason: why  # in 1 of 2: not listed',
      '  - deny: { action: "blocked" }  # 1 record; its word says denied',
    ]),
  );
});

it('fields within JSON in a text, and within lists, are found', () => {
  const text = proposed([
    { log: '{"host":"a.example","decision":"deny"}', names: ['x'] },
    { log: '{"host":"b.example","decision":"allow"}', names: ['y'] },
  ]);
  expect(text).toContain('host: "log:json.host"');
  expect(text).toContain('- deny: { "log:json.decision": "deny" }');
});

it.each([
  ['allow', 'deny'],
  ['allowed', 'blocked'],
  ['true', 'false'],
  ['pass', 'drop'],
  ['ok', 'error'],
])('no map is proposed that allows anything: %s and %s', (one, other) => {
  const text = proposed([
    { host: 'a.example', action: one },
    { host: 'b.example', action: other },
  ]);
  expect(text).toContain(`# - VERDICT: { action: "${one}" }`);
  expect(text.split('\n').filter(line => /^\s*- (?:allow|would-deny|pending)/.test(line))).toEqual([]);
});

it('whatever a log holds, what is proposed is a map, or lacks only what the operator must say', () => {
  const key = fc.oneof(
    fc.constantFrom(
      'host',
      'action',
      'ts',
      'verdict',
      'event',
      'dest',
      'url',
      '"',
      'a b',
      '{',
      '#',
      '\u202e',
      '\n',
      "'",
    ),
    fc.string({ unit: ANY_CHARACTER }),
  );
  const value = fc.oneof(
    fc.constantFrom(
      'deny',
      'allow',
      'a.example',
      '{"host":"x.example","a":1}',
      "it's",
      '# no',
      '\u001b[31m',
      '*',
      '\n- allow: {}',
      7,
      true,
    ),
    fc.jsonValue(),
  );
  const record = fc.dictionary(key, value, { maxKeys: 8 });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), records => {
      const text = proposed(records);
      expect(text).toMatch(/^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/);
      const parsed = parseMap(text, 'log.yaml');
      if (parsed.type === 'valid') {
        expect(
          parsed.map.verdict.map(({ verdict }) => verdict).filter(verdict => verdict !== 'deny'),
        ).toEqual([]);
        return;
      }
      const allowed =
        /a map needs (?:host|verdict)|when has 0|when must be|verdict must be a list|no sample has a verdict/;
      expect(parsed.problems.map(({ why }) => why).filter(why => !allowed.test(why))).toEqual([]);
    }),
    { numRuns: runs(2_000) },
  );
});
