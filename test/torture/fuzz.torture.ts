import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/core/policy/dialect.ts';
import { isError } from '../../src/core/problem.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { editPolicy } from '../../src/policy-file/editing/edit.ts';
import { buildReport } from '../../src/report/report.ts';
import { LineSplitter } from '../../src/sources/lines/line-splitter.ts';
import { SocketProtocol } from '../../src/sources/socket/socket-protocol.ts';
import type { Line } from '../../src/sources/source.ts';
import { decodeLine } from '../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { scaled } from './scale.ts';
import { ANY_CHARACTER } from '../any-character.ts';

/*
 * Texts that nobody wrote on purpose: the fixtures with bytes changed, cut, doubled and put in other places. A failure prints its seed;
 * it belongs into `examples` below, for good.
 */

const FIXTURES = new URL('../fixtures/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');
const NAMES = readdirSync(FIXTURES);
const LINES = NAMES.filter(name => name.endsWith('.jsonl')).flatMap(name => read(name).trimEnd().split('\n'));
const POLICIES = NAMES.filter(name => /\.(?:yaml|json|toml)$/.test(name) && !name.includes('completeness'))
  .map(name => ({ name, text: read(name) }))
  .concat([
    {
      name: 'allowed.txt',
      text: '# one name a line\n.pypi.org\ndocs.rs # the documentation\n\n.GitHub.com\n',
    },
    {
      name: 'squid.conf',
      text: 'acl good dstdomain .pypi.org docs.rs\nacl ports port 80 443\nhttp_access allow good ports\nhttp_access deny all\n',
    },
  ]);

const scrap = fc.oneof(
  fc.string({ unit: ANY_CHARACTER, maxLength: 8 }),
  fc.constantFrom(
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    '\n',
    '\r\n',
    '\t',
    '#',
    ':',
    ',',
    '- ',
    '\u0000',
    '\uFEFF',
    '\u001b]0;x\u0007',
    '&a ',
    '*a',
    '!!js',
    '|',
    '>',
    '---\n',
    'null',
    '1e999',
    '-0',
    '__proto__',
    '"""',
    "'''",
    '[[a]]',
    '\\u0000',
    '/*',
    '//',
  ),
);
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  scrap,
  doubles: fc.boolean(),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const mutated = (text: string, mutations: readonly Mutation[]): string =>
  mutations.reduce((now, { at, cut, scrap, doubles }) => {
    const place = Math.floor(at * now.length);
    const kept = doubles ? now.slice(place, place + cut * 4) : '';
    return `${now.slice(0, place)}${scrap}${kept}${now.slice(place + cut)}`;
  }, text);

/** So many levels around nothing: as many as a recursive reader or writer runs out of stack on, and as few as it does not notice. */
const nest = fc
  .tuple(fc.constantFrom('[', '{"a":'), fc.oneof(fc.nat(600), fc.nat(20_000)))
  .map(([open, levels]) =>
    open === '[' ? '['.repeat(levels) + ']'.repeat(levels) : `${open.repeat(levels)}0${'}'.repeat(levels)}`,
  );

const damage = fc.array(mutation, { minLength: 1, maxLength: 4 });

describe('a damaged line', () => {
  it('a damaged line is an event or one problem, and its neighbours stay as they were', () => {
    const good = '{"event":"egress_allow","host":"neighbour.example","ts":"2026-11-19T08:00:00Z"}';
    fc.assert(
      fc.property(fc.constantFrom(...LINES), damage, (line, mutations) => {
        const bytes = Buffer.from(
          [good, mutated(line, mutations).replaceAll('\n', ' '), good, ''].join('\n'),
        );
        const traffic = new Traffic();
        for (const text of splitLines(bytes)) {
          const decoded =
            typeof text === 'string' ? decodeLine(text, { source: 's', agent: null }, SYSTEMS) : null;
          if (decoded?.type === 'event') traffic.add(decoded.event, 0);
          else if (decoded?.type !== 'blank')
            traffic.addMalformed({
              source: 's',
              line: 1,
              column: null,
              severity: 'error',
              why: '',
              remedy: '',
            });
        }
        expect(traffic.hosts.get('neighbour.example')?.counts.total).toBeGreaterThanOrEqual(2);
        expect(traffic.totals.total + traffic.info + traffic.malformed).toBeLessThanOrEqual(3);
        expect(JSON.parse(JSON.stringify(buildReport(traffic)))).toBeTypeOf('object');
      }),
      { numRuns: scaled(100_000) },
    );
  });
});

describe('a line that nests', () => {
  it('a line that nests to any depth is a problem, or an event that can be written out again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LINES), fc.nat(), nest, (line, place, nested) => {
        const record = JSON.parse(line) as Record<string, unknown>; // the fixtures' records are objects
        const keys = [...Object.keys(record), 'new'];
        const text = JSON.stringify({ ...record, [keys[place % keys.length] ?? '']: 'HERE' });
        const decoded = decodeLine(text.replace('"HERE"', nested), { source: 's', agent: null }, SYSTEMS);
        expect(JSON.stringify(decoded)).toContain(decoded.type);
      }),
      { numRuns: scaled(20_000, 5_000) },
    );
  });
});

/** All lines of the bytes, in pieces of odd sizes. */
function splitLines(bytes: Buffer): readonly Line[] {
  const splitter = new LineSplitter();
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; at += 61) lines.push(...splitter.push(bytes.subarray(at, at + 61)));
  return lines;
}

const DIALECTS = [
  ...new Map(
    (await Promise.all(SYSTEMS.map(system => system.dialect()))).map(dialect => [dialect.name, dialect]),
  ).values(),
];

const entry = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'api.example.com',
      '.pypi.org',
      '*.github.com',
      '10.0.0.1',
      '169.254.169.254',
      '10.0.0.0/8',
      '::1',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: ANY_CHARACTER, maxLength: 20 }) },
);

describe.each(DIALECTS.map(dialect => ({ name: dialect.name, dialect })))(
  'a damaged policy of $name',
  ({ dialect }) => {
    const own = POLICIES.filter(({ name }) => dialect.format(name) !== null);

    it('a damaged policy is refused with its errors, or it judges and can be edited into another valid one', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...own),
          damage,
          entry,
          fc.constantFrom('add', 'remove'),
          (file, mutations, host, type) => {
            expectSound(dialect, file.name, mutated(file.text, mutations), host, type);
          },
        ),
        { numRuns: scaled(20_000) },
      );
    });

    it('that nests is so too, however deep it goes', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...own),
          fc.double({ min: 0, max: 1, noNaN: true }),
          nest,
          (file, at, nested) => {
            const places = [...file.text.matchAll(VALUE_STARTS)].map(
              ({ index, 0: found }) => index + found.length,
            );
            const place = places[Math.floor(at * places.length)] ?? file.text.length;
            const text = file.text.slice(0, place) + nested + file.text.slice(place);
            expectSound(dialect, file.name, text, 'api.example.com', 'add');
          },
        ),
        { numRuns: scaled(2_000, 300) },
      );
    });
  },
);

/** Behind these a value begins, in YAML, JSON or TOML. */
const VALUE_STARTS = /[:=,[] ?|- /g;

/** Words of a program that broke, not of a file that is broken. */
const OURS = /call stack|out of memory|is not a function|Cannot read prop/i;

function expectSound(
  dialect: Dialect,
  path: string,
  text: string,
  host: string,
  type: 'add' | 'remove',
): void {
  const parsed = dialect.parse(text, path);
  if (parsed.type === 'invalid') {
    expect(parsed.problems.some(isError)).toBe(true);
    expect(parsed.problems.map(({ why }) => why).join()).not.toMatch(OURS);
    return;
  }
  const { policy } = parsed;
  const ruling = policy.judge({ host, address: null }, {});
  expect(ruling.verdict).toBeTypeOf('string');
  if (ruling.verdict === 'deny') policy.nearest({ host, address: null });
  for (const list of dialect.lists) {
    const outcome = editPolicy({ text, path, dialect }, [{ type, list, entry: host }]);
    dialect.warn(policy, [{ type, list, entry: host }]);
    if (outcome.type !== 'edited') continue;
    expect(dialect.parse(outcome.text, path).type).toBe('valid');
    expect(outcome.text).not.toBe(text);
  }
}

describe('the socket protocol', () => {
  it('takes any lines at all, and delivers those that are no messages', () => {
    const word = fc.oneof(
      fc.jsonValue().map(value => JSON.stringify(value)),
      fc.string({ unit: ANY_CHARACTER }).map(text => text.replaceAll('\n', '')),
      fc.constantFrom(
        '{"type":"hello","protocol":1}',
        '{"type":"event","event":"egress_deny","host":"a"}',
        '{"type":"event","event_id":"e1"}',
        '{"type":"policy"}',
        '{"type":"dropped","count":-5}',
        '{"type":null}',
        '{"type":"__proto__"}',
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 8 }), { maxLength: 4 }), connections => {
        let delivered = 0;
        const protocol = new SocketProtocol('unix:/s', {
          status: () => undefined,
          lines: ({ lines }) => (delivered += lines.length),
          message: () => undefined,
        });
        for (const lines of connections) {
          protocol.connect();
          protocol.receive(lines);
          protocol.disconnect(null);
        }
        expect(delivered).toBeLessThanOrEqual(connections.flat().length);
      }),
      { numRuns: scaled(50_000) },
    );
  });
});
