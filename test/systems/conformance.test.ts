import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect, JudgeOptions } from '../../src/core/policy/dialect.ts';
import { listPolicy } from '../../src/core/policy/list-policy.ts';
import { VERDICTS, type EgressEvent, type JsonObject } from '../../src/core/event.ts';
import { isAddress, normaliseHost } from '../../src/core/host.ts';
import { editPolicy, type ValidText } from '../../src/policy-file/editing/edit.ts';
import { decodeLine, systemOf } from '../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { mapSystem } from '../../src/systems/maps/map-system.ts';
import { readShippedMaps } from '../../src/systems/maps/shipped-maps.ts';
import type { Origin, System } from '../../src/systems/system.ts';
import { sized } from '../runs.ts';
import { ANY_CHARACTER } from '../any-character.ts';

/*
 * The duties of every system: a new one passes this suite by standing in the list and bringing a log to test/fixtures.
 */

const FIXTURES = new URL('../fixtures/', import.meta.url);
const EMPTY = { home: null, cwd: '/nonexistent', tmp: '/nonexistent', env: {}, stateDir: null };
const ORIGIN: Origin = { source: 'a.jsonl', agent: 'folder' };

/** Logs whose records have no time, or are batches of records that have one each. */
const TIMELESS = new Set(['aasm-replay.jsonl', 'sandbox-runtime-debug.log', 'codex-otlp.jsonl']);

const fixturesOf = (system: System): string[] =>
  readdirSync(FIXTURES).filter(name => name.startsWith(`${system.name}-`) && /\.(?:jsonl|log)$/.test(name));

/** The policies among the fixtures that are the system's. */
const fixturePolicies = (name: string, dialect: Dialect): ValidText[] =>
  ['yaml', 'json', 'toml', 'txt'].flatMap(extension => {
    const { pathname: path } = new URL(`${name}.${extension}`, FIXTURES);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const parsed = existsSync(path) ? dialect.parse(text, path) : undefined;
    return parsed?.type === 'valid' ? [{ text, path, dialect, policy: parsed.policy }] : [];
  });

/** All policies among the fixtures, and broken halves of them. */
const POLICY_TEXTS = readdirSync(FIXTURES)
  .filter(name => /\.(?:yaml|json|toml|txt|conf)$/.test(name))
  .map(name => readFileSync(new URL(name, FIXTURES), 'utf8'))
  .flatMap(text => [text, text.slice(0, text.length / 2), text.slice(text.length / 2)]);

/** Names under which policies of all systems are found. */
const POLICY_PATHS = [
  'policy.yaml',
  'POLICY.YML',
  'policy.json',
  'policy.jsonc',
  'policy.toml',
  'awf-allow.txt',
  'squid.conf',
  '/etc/squid/blocked.list',
  'allowed_domains',
  '/home/u/.codex/config.toml',
  '/home/u/.claude/settings.json',
  '/home/u/.srt-settings.json',
];

const linesIn = (name: string): string[] =>
  readFileSync(new URL(name, FIXTURES), 'utf8').trimEnd().split('\n');

/** The lines of a system's logs of text. */
const textLinesOf = (system: System): string[] =>
  fixturesOf(system)
    .filter(name => name.endsWith('.log'))
    .flatMap(linesIn);

/** A line as the record of named fields that the system makes of it. */
const recordOf = (system: System, line: string): JsonObject => {
  if (line.startsWith('{')) return JSON.parse(line) as JsonObject;
  const found = system.readText?.(line);
  if (found?.type !== 'record') throw new Error(`${system.name} does not read its own line: ${line}`);
  TEXT_RECORDS.add(found.record);
  return found.record;
};

const recordsOf = (system: System, name: string): JsonObject[] =>
  linesIn(name).map(line => recordOf(system, line));

/** Whether a record was made of a line of text, so that no such object stands in a log. */
const isOfText = (record: JsonObject): boolean => TEXT_RECORDS.has(record);
const TEXT_RECORDS = new WeakSet<object>();

/** Facts that hold for any event. */
function expectNormal(event: EgressEvent, record: JsonObject): void {
  expect(event.raw).toBe(record);
  expect(event.kind).toBeTypeOf('string');
  if (event.host !== null) {
    expect(event.host).toBe(normaliseHost(event.host));
    expect(event.host).not.toMatch(/^\[[^[\]]*\]$|^[^:]*:\d*$/);
  }
  if (event.address !== null) expect(event.address).toSatisfy(isAddress);
  if (event.port !== null) expect(event.port).toSatisfy((port: number) => port >= 0 && port <= 65_535);
  if (event.at !== null) expect(new Date(event.at).getTime()).toBe(event.at);
  if (event.verdict !== null) expect(VERDICTS).toContain(event.verdict);
  if (event.verdict === null || event.verdict === 'allow') expect(event.reason).toBeNull();
  if (event.verdict !== 'allow') expect(event.interception).toBeNull();
  for (const amount of [event.bytes, event.durationMs, event.status, event.hop])
    if (amount !== null) expect(amount).toSatisfy((value: number) => Number.isFinite(value) && value >= 0);
}

const text = fc.oneof(
  fc.string({ unit: ANY_CHARACTER }),
  fc.constantFrom('egress', 'egress_deny', 'broker_request_allow', 'x_error', 'allow', 'deny'),
  fc.constantFrom(
    'a.example:443',
    '[::1]:80',
    '[',
    ']:',
    '...',
    '10.0.0.1',
    'https://u@[::1]:9/x?y',
    '1795078800',
  ),
);
const value = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue() });

/** The keys that a system's own records use. */
const vocabulary = (system: System): string[] => [
  ...new Set(
    fixturesOf(system).flatMap(name => recordsOf(system, name).flatMap(record => Object.keys(record))),
  ),
];

const loaded = await Promise.all(SYSTEMS.map(async system => ({ system, dialect: await system.dialect() })));

describe.each(loaded.map(each => ({ name: each.system.name, ...each })))('$name', ({ system, dialect }) => {
  const records = fixturesOf(system).flatMap(name => recordsOf(system, name));

  it('the system recognises its own lines, and no system before it takes one', () => {
    for (const record of records.filter(each => !isOfText(each)))
      expect([systemOf(record, SYSTEMS)?.name, JSON.stringify(record)]).toEqual([
        system.name,
        JSON.stringify(record),
      ]);
  });

  it('the system reads its own lines of text, and no system before it takes one', () => {
    for (const line of textLinesOf(system))
      expect([line, decodeLine(line, ORIGIN, SYSTEMS)]).toMatchObject([
        line,
        { type: 'event', event: { system: system.name } },
      ]);
  });

  it('a line of text within a sentence or in quotes is not taken for a record', () => {
    for (const line of textLinesOf(system))
      for (const other of [`we saw ${line}`, `"${line}"`])
        expect([other, system.readText?.(other)?.type === 'record']).toEqual([other, false]);
  });

  it('the first third of a line of text never rules', () => {
    for (const line of textLinesOf(system)) {
      const found = system.readText?.(line.slice(0, line.length / 3));
      if (found?.type !== 'record') continue;
      expect([line, system.decode(found.record, ORIGIN).verdict]).toEqual([line, null]);
    }
  });

  it('reads any line of text in a moment, without an exception', () => {
    if (!system.readText) return;
    const lines = textLinesOf(system);
    const word = fc.oneof(fc.constantFrom(...lines.flatMap(line => line.split(' '))), text);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), words => {
        const found = system.readText?.(words.join(' ')) ?? null;
        if (found?.type === 'record') expectNormal(system.decode(found.record, ORIGIN), found.record);
      }),
      { numRuns: sized(200, 1_000, 1_000) },
    );
    for (const line of lines)
      for (const word of line.split(' ')) system.readText(line.replace(word, `${word} `.repeat(10_000)));
  }, 20_000);

  it('normalises every line of its fixtures, leaving the record itself untouched', () => {
    for (const record of records) {
      const before = JSON.stringify(record);
      const event = system.decode(record, ORIGIN);
      expectNormal(event, record);
      expect(event).toMatchObject({ system: system.name, source: 'a.jsonl' });
      expect(JSON.stringify(record)).toBe(before);
    }
  });

  it('reads the time of every line, in every log that has times', () => {
    for (const name of fixturesOf(system))
      for (const record of recordsOf(system, name))
        expect([name, system.decode(record, ORIGIN).at !== null]).toEqual([name, !TIMELESS.has(name)]);
  });

  it('decodes any JSON object at all, without an exception', () => {
    const keys = vocabulary(system);
    const key = keys.length > 0 ? fc.constantFrom(...keys) : fc.string();
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(key, fc.string()), value, { maxKeys: 12 }), record => {
        const event = system.decode(record, ORIGIN);
        expectNormal(event, record);
        const columns = system.columns(event);
        for (const column of [columns.time, columns.event, columns.host]) expect(column).toBeTypeOf('string');
      }),
      { numRuns: sized(60, 300, 300) },
    );
  });

  it('survives its own lines with any one field changed', () => {
    if (records.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.nat(), fc.jsonValue(), (record, place, other) => {
        const names = Object.keys(record);
        const changed = { ...record, [names[place % names.length] ?? '']: other };
        expectNormal(system.decode(changed, ORIGIN), changed);
      }),
      { numRuns: sized(60, 300, 300) },
    );
  });

  it('the system reads a policy, and advises how an edit comes into force', () => {
    expect(system.activation.advice({ path: '/p.yaml', policy: listPolicy([]) })).not.toBe('');
    expect(dialect.lists.length).toBeGreaterThan(0);
    expect(dialect.format('policy.exe')).toBeNull();
    expect(dialect.parse('{{{', 'policy.exe')).toMatchObject({ type: 'invalid' });
  });

  it('judges alike in every mode that its dialect does not name, and by itself in the first that it does', () => {
    for (const { policy } of fixturePolicies(system.name, dialect)) {
      const judged = (options?: JudgeOptions) =>
        ['evil.example', 'api.openai.com', '10.0.0.5'].map(host =>
          policy.judge({ host, address: null }, options),
        );
      const { modes, matchers } = dialect;
      const unnamed = (['strict', 'guarded', 'off'] as const).filter(mode => !modes.includes(mode));
      for (const mode of [...unnamed, ...modes.slice(0, 1)]) expect(judged({ mode })).toEqual(judged());
      for (const matcher of matchers.slice(0, 1)) expect(judged({ matcher })).toEqual(judged());
    }
  });

  it('brings a policy to the fixtures where its policies stand at documented places', () => {
    if (system.policies) expect(fixturePolicies(system.name, dialect)).not.toEqual([]);
  });

  it('claims no file that it passes over by a glance at name and text', () => {
    for (const path of POLICY_PATHS)
      for (const text of ['', '{}', '*.example', ...POLICY_TEXTS])
        if (dialect.claims(text, path))
          expect([path, system.mayRead?.(text, path) ?? true]).toEqual([path, true]);
  });

  it('claims its own fixture policy, and no system before it does', async () => {
    for (const { text, path } of fixturePolicies(system.name, dialect)) {
      const asked = loaded.filter(each => each.system.activation.type !== 'reload');
      expect(asked.find(each => each.dialect.claims(text, path))?.system.name ?? 'nobody').toBe(system.name);
    }
  });

  it('allows a host by each form that it offers, and the old bytes come back when the entry is removed', () => {
    for (const fixture of fixturePolicies(system.name, dialect)) {
      const asked = { host: 'api.new-host.example', address: null, port: 443 };
      expect(fixture.policy.judge(asked)).toMatchObject({ verdict: 'deny' });
      for (const { entry } of dialect.forms(asked.host)) {
        const allowed = editPolicy(fixture, [{ type: 'add', list: 'allow', entry }]);
        if (allowed.type !== 'edited') throw new Error(`${entry}: ${allowed.why}`);
        expect([entry, allowed.policy.judge(asked).verdict]).toEqual([entry, 'allow']);
        const removed = editPolicy({ ...fixture, text: allowed.text }, [
          { type: 'remove', list: 'allow', entry },
        ]);
        expect(removed.type === 'edited' ? removed.text : removed.why).toBe(fixture.text);
      }
    }
  });

  it('finds no policy on an empty machine', async () => {
    expect((await system.policies?.(EMPTY)) ?? []).toEqual([]);
  });

  it('checks the hash chain of a log from its first line on, where its records are chained', async () => {
    const check = await system.chain?.();
    if (!check) return;
    expect(check.result()).toEqual({
      type: 'holds',
      entries: 0,
      break: null,
      unknown: { count: 0, first: null },
    });
    check.add('', 1);
    check.add('{"no":"entry"}', 2);
    check.add(null, 3);
    const broken = check.result();
    expect(broken).toMatchObject({ type: 'broken', entries: 0, break: { entry: 0, line: 2 } });
    expect(broken.break?.why).not.toBe('');
    expect((await system.chain?.())?.result()).toMatchObject({ type: 'holds', entries: 0 });
  });

  it('tells how an action ended in one line or not at all, whatever the record', () => {
    const keys = fc.constantFrom(...vocabulary(system), 'result');
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 12 }), record => {
        const outcome = system.outcome?.(system.decode(record, ORIGIN)) ?? null;
        if (outcome !== null) expect(outcome).toBeTypeOf('string');
      }),
      { numRuns: sized(60, 300, 300) },
    );
  });

  it('names the environment variables of its tokens as a shell can set them', () => {
    for (const name of system.tokenVariables ?? []) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
  });

  it('discovers and inspects nothing on an empty machine, and no policy', async () => {
    const found = [await system.discover(EMPTY), await system.inspect(EMPTY)];
    expect([...found, (await system.policies?.(EMPTY)) ?? []]).toEqual([[], [], []]);
  });
});

const maps = (await readShippedMaps()).map(map => ({ name: map.name, map, system: mapSystem(map) }));

describe.each(maps)('the map $name', ({ name, map, system }) => {
  const records = map.samples
    .map(({ line }) => decodeLine(line, ORIGIN, [system]))
    .flatMap(found => (found.type === 'event' ? [found.event.raw] : []));

  it('a map normalises every record of its samples, leaving the record itself untouched', () => {
    for (const record of records) {
      const before = JSON.stringify(record);
      const event = system.decode(record, ORIGIN);
      expectNormal(event, record);
      expect(event).toMatchObject({ system: name, source: 'a.jsonl' });
      expect(JSON.stringify(record)).toBe(before);
    }
  });

  it('a map decodes any JSON object at all, without an exception', () => {
    const keys = fc.constantFrom(...records.flatMap(record => Object.keys(record)));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(keys, fc.string()), value, { maxKeys: 12 }), record => {
        expectNormal(system.decode(record, ORIGIN), record);
        expect(system.unruled?.(record) ?? '').toBeTypeOf('string');
      }),
      { numRuns: sized(60, 300, 300) },
    );
  });

  it('a map survives its own records with any one field changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.nat(), value, (record, place, other) => {
        const names = Object.keys(record);
        const changed = { ...record, [names[place % names.length] ?? '']: other };
        expectNormal(system.decode(changed, ORIGIN), changed);
      }),
      { numRuns: sized(60, 300, 300) },
    );
  });

  it('a map has no policy, and finds nothing on an empty machine', async () => {
    await expect(system.dialect()).rejects.toThrow('has no policy');
    expect([await system.discover(EMPTY), await system.inspect(EMPTY)]).toEqual([[], []]);
  });
});

describe('any line', () => {
  it('a line is an event, unrecognised, blank, or malformed: never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: ANY_CHARACTER }), fc.json()), line => {
        expect(['event', 'unrecognised', 'blank', 'malformed']).toContain(
          decodeLine(line, ORIGIN, SYSTEMS).type,
        );
      }),
      { numRuns: sized(200, 1_000, 1_000) },
    );
  });

  it.each([
    ['', 'blank'],
    [' \t', 'blank'],
    ['{"event":"egress_x"}', 'event'],
    ['{"event":"x"}', 'unrecognised'],
    ['\ufeff{"event":"x"}', 'malformed'],
    ['{"event":"x"', 'malformed'],
    ['[{"event":"x"}]', 'malformed'],
    ['null', 'malformed'],
    ['"event"', 'malformed'],
    ['42', 'malformed'],
    ['{}', 'unrecognised'],
    ['{"event":7}', 'unrecognised'],
    ['{"hello":"world"}', 'unrecognised'],
  ])('%j is %s', (line, type) => {
    expect(decodeLine(line, ORIGIN, SYSTEMS).type).toBe(type);
  });

  it('a line nested so deep that it could not be printed again is malformed', () => {
    const nested = (depth: number): string =>
      `{"event":"egress_x","a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(decodeLine(nested(100_000), ORIGIN, SYSTEMS)).toMatchObject({ type: 'malformed' });
    expect(decodeLine(nested(100), ORIGIN, SYSTEMS)).toMatchObject({ type: 'event' });
    const broad = JSON.stringify({ event: 'egress_x', lists: Array.from({ length: 500 }, () => [[[1]]]) });
    expect(decodeLine(broad, ORIGIN, SYSTEMS)).toMatchObject({ type: 'event' });
    expect(decodeLine(`{"event":"egress_${'[{'.repeat(5_000)}"}`, ORIGIN, SYSTEMS)).toMatchObject({
      type: 'event',
    });
  });
});
