import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../../src/core/problem.ts';
import { sampleProblems } from '../../../src/systems/maps/check-samples.ts';
import { parseMap } from '../../../src/systems/maps/parse-map.ts';

const VALID = `name: acme
when:
  kind: egress
host: dst
verdict:
  - deny: { act: no }
  - allow: { act: yes }
samples:
  - line: '{"kind":"egress","dst":"a.example:443","act":"no"}'
    verdict: deny
    host: a.example
`;

/** The first problem of a map's text. */
function problemOf(text: string): string {
  const parsed = parseMap(text, 'acme.yaml');
  const problems = parsed.type === 'invalid' ? parsed.problems : sampleProblems(parsed.map);
  return problems[0] ? describeProblem(problems[0]) : 'none';
}

const changed = (from: string, to: string): string => {
  expect(VALID).toContain(from);
  return VALID.replace(from, to);
};

it('the map that the manual shows is one', () => {
  const topic = readFileSync(new URL('../../../src/commands/help/topics/maps.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```\n([^]*?)```/.exec(topic) ?? [];
  expect(problemOf(shown)).toBe('none');
});

describe('a map', () => {
  it('a map is read with everything that its text says', () => {
    expect(problemOf(VALID)).toBe('none');
    expect(parseMap(VALID, 'acme.yaml')).toMatchObject({
      type: 'valid',
      map: {
        name: 'acme',
        file: 'acme.yaml',
        holds: null,
        timeUnit: null,
        verdict: [
          { verdict: 'deny' },
          { verdict: 'allow', when: [{ test: { type: 'is', patterns: ['yes'] } }] },
        ],
      },
    });
  });

  it.each([
    ['host: dst', 'hosst: dst', 'acme.yaml:4:1: error: a map has no key hosst: did you mean host?'],
    ['host: dst\n', '', 'acme.yaml:1:1: error: a map needs host'],
    ['name: acme', 'name: Acme!', 'acme.yaml:1:7: error: Acme! is no name of a map'],
    ['name: acme', 'name: unrecognised', 'acme.yaml:1:7: error: unrecognised is no name of a map'],
    [
      'host: dst',
      'host: dst..x',
      'acme.yaml:4:7: error: dst..x is no path, at character 4: ..x is no part of a path',
    ],
    ['host: dst', "host: '{dst'", 'acme.yaml:4:7: error: a brace of {dst is not closed'],
    [
      'host: dst',
      'host: {sum: [a, b]}',
      'acme.yaml:4:7: error: a sum is a list of paths, and only bytes can be one',
    ],
    ['host: dst', 'host: []', 'acme.yaml:4:7: error: host has 0 places: 1 to 12 are allowed'],
    ['host: dst', 'host: dst\ntime: {at: t, unit: sec}', 'acme.yaml:5:21: error: unit cannot be sec'],
    ['host: dst', 'host: dst\ncomplete: maybe', 'acme.yaml:5:11: error: complete cannot be maybe'],
    ['kind: egress', 'kind:', 'acme.yaml:3:8: error: kind has no value to compare with'],
    ['kind: egress', "kind: '*'", 'acme.yaml:3:9: error: * stands for every value of kind'],
    [
      'kind: egress',
      'kind: { exist: true }',
      'acme.yaml:3:11: error: the condition of kind has no key exist: did you mean exists?',
    ],
    ['  kind: egress', '  {}', 'acme.yaml:3:3: error: when has 0 conditions: 1 to 16 are allowed'],
    [
      '- deny: { act: no }',
      '- denny: { act: no }',
      'acme.yaml:6:5: error: an item of verdict has no key denny: did you mean deny?',
    ],
    [
      '- deny: { act: no }',
      '- deny: {}',
      'acme.yaml:6:11: error: deny has 0 conditions: 1 to 16 are allowed',
    ],
    [
      '- allow: { act: yes }',
      '- allow: { act: { not: no } }',
      'acme.yaml:7:5: error: allow names no value that says so',
    ],
    [
      '- allow: { act: yes }',
      '- allow: { act: { other: no } }',
      'acme.yaml:7:5: error: allow names no value that says so',
    ],
    [
      '- allow: { act: yes }',
      '- allow: { dst: { exists: true } }',
      'acme.yaml:7:5: error: allow names no value that says so',
    ],
    [
      '- allow: { act: yes }',
      '- allow: { kind: egress }',
      'acme.yaml:7:5: error: allow names no value that says so',
    ],
    [
      '- allow: { act: yes }',
      '- allow: { kind: [egress, x] }',
      'acme.yaml:7:5: error: allow names no value that says so',
    ],
    [
      'verdict: deny',
      'verdict: denyy',
      'acme.yaml:10:14: error: verdict cannot be denyy: did you mean deny?',
    ],
    ['    host: a.example\n', '', 'acme.yaml:9:5: error: a sample with a verdict needs host'],
    ['verdict: deny', 'verdict: foreign', 'acme.yaml:9:3: error: no sample has a verdict'],
    ['name: acme', 'name: [acme', 'acme.yaml:1:7: error: a [ is not closed'],
    ['name: acme', 'name: &a acme\nmethod: *a', 'acme.yaml:2:9: error: method must be a text'],
    ['verdict: deny', 'verdict: allow', 'acme.yaml:9: error: the sample is deny, not allow'],
    [
      'host: a.example',
      'host: b.example',
      "acme.yaml:9: error: the sample's host is a.example, not b.example",
    ],
    [
      'host: a.example',
      'host: a.example\n    port: 80',
      "acme.yaml:9: error: the sample's port is 443, not 80",
    ],
    [
      '"act":"no"',
      '"act":"maybe"',
      'acme.yaml:9: error: the sample is unlisted (acme: no verdict for act "maybe"), not deny',
    ],
    ['"kind":"egress"', '"kind":"x"', 'acme.yaml:9: error: the sample is foreign, not deny'],
    ['"act":"no"}', '"act":"no"', 'acme.yaml:9: error: the sample is malformed'],
  ])('a map with %j as %j is refused at its place', (from, to, problem) => {
    expect(problemOf(changed(from, to))).toContain(problem);
  });

  it('an empty text, a list and a number are no maps', () => {
    for (const text of ['', '- a', '7', '{}']) expect(parseMap(text, 'acme.yaml').type).toBe('invalid');
  });

  it('a text that is nested too deep, or too long, is refused without being read', () => {
    expect(problemOf(`name: ${'['.repeat(100_000)}`)).toContain('nested deeper than 100');
    expect(problemOf(`#${'x'.repeat(300_000)}`)).toContain('a map has at most 262144 characters');
  });
});
