import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EgressEvent, JsonObject } from '../../../src/core/event.ts';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import { followSources } from '../../../src/sources/follow.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { sbx } from '../../../src/systems/sbx/index.ts';
import { machine } from '../../commands/program.ts';
import { runHere } from '../../commands/run-here.ts';
import { runs } from '../../runs.ts';
import { until } from '../../until.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Row {
  readonly host: string;
  readonly vm_name: string;
  readonly since: string;
  readonly last_seen: string;
  readonly count_since: number;
  readonly rule?: string;
  readonly reason?: string;
  readonly proxy_type?: string;
}

const row = (host: string, count_since: number, more: Partial<Row> = {}): Row => ({
  host,
  vm_name: 'box',
  proxy_type: 'forward',
  since: '2026-11-19T09:00:00.123456+09:00',
  last_seen: '2026-11-19T09:00:05.123456+09:00',
  count_since,
  ...more,
});

const snapshot = (blocked: readonly Row[], allowed: readonly Row[]): string =>
  JSON.stringify({ blocked_hosts: blocked, allowed_hosts: allowed });

/** The decisions in snapshots of one source, one after the other. */
function decisionsIn(...snapshots: readonly string[]): readonly EgressEvent[] {
  const decoder = new LineDecoder(SYSTEMS);
  const events: EgressEvent[] = [];
  const never = (): never => {
    throw new Error('a snapshot is an event');
  };
  for (const [index, line] of snapshots.entries())
    decoder.decode(
      { source: 'a', first: index + 1, lines: [line] },
      { event: event => void events.push(event), malformed: never, unrecognised: never },
    );
  return events.filter(({ verdict }) => verdict !== null);
}

const told = (events: readonly EgressEvent[]) =>
  events.map(({ verdict, host, port, agent }) => [verdict, host, port, agent]);

describe('snapshots of sbx policy log', () => {
  it('a row is as many decisions as it counts, of which the last is timed', () => {
    const events = decisionsIn(
      snapshot([row('evil.example', 3, { rule: 'user-denied' })], [row('ports.ubuntu.com:80', 1)]),
    );
    expect(told(events)).toEqual([
      ['deny', 'evil.example', null, 'box'],
      ['deny', 'evil.example', null, 'box'],
      ['deny', 'evil.example', null, 'box'],
      ['allow', 'ports.ubuntu.com', 80, 'box'],
    ]);
    expect(events.map(({ at }) => at !== null)).toEqual([false, false, true, true]);
    expect(events[0]).toMatchObject({ reason: 'user-denied', rule: 'user-denied' });
  });

  it('the next snapshot adds the difference, and nothing where nothing happened', () => {
    const first = snapshot([row('a.example', 3)], []);
    expect(decisionsIn(first, first)).toHaveLength(3);
    expect(decisionsIn(first, snapshot([row('a.example', 5)], [row('b.example', 1)]))).toHaveLength(6);
  });

  it('a sandbox made anew under an old name inherits its row, and only what is counted since is new', () => {
    const inherited = row('a.example', 3);
    const anew = { ...inherited, since: '2026-11-19T10:00:00Z', count_since: 1 };
    expect(
      decisionsIn(snapshot([inherited], []), snapshot([inherited], []), snapshot([anew], [])),
    ).toHaveLength(4);
  });

  it.each([
    [{ reason: 'No matching allow rule (default deny)' }, 'deny'],
    [{ reason: 'Approval required' }, 'pending'],
    [
      {
        rule: 'denied: rule "local:x" matched op(action=net:connect:tcp, resource=net:domain:a.example:443)',
      },
      'deny',
    ],
    [{ rule: '' }, 'deny'],
  ])('a blocked row with %j is %s', (more, verdict) => {
    expect(decisionsIn(snapshot([row('a.example:443', 1, more)], []))[0]?.verdict).toBe(verdict);
  });

  it('a bypass is an allowed tunnel that nobody looks into', () => {
    const [bypass, forward] = decisionsIn(
      snapshot([], [row('a.example', 1, { proxy_type: 'forward-bypass' }), row('b.example', 1)]),
    );
    expect([bypass?.interception, forward?.interception]).toEqual(['opaque', null]);
  });

  it('whatever the rows count, each decision is told once: in the end as many as each row ever counted', () => {
    const steps = fc.array(
      fc.record({
        host: fc.constantFrom('a.example', 'b.example'),
        isBlocked: fc.boolean(),
        more: fc.nat(4),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, added => {
        const counts = new Map<string, number>();
        const lines = added.map(({ host, isBlocked, more }) => {
          const key = `${host} ${isBlocked}`;
          counts.set(key, (counts.get(key) ?? 0) + more);
          const rowsOf = (list: boolean): readonly Row[] =>
            ['a.example', 'b.example'].flatMap(name => {
              const count = counts.get(`${name} ${list}`);
              return count === undefined ? [] : [row(name, count)];
            });
          return snapshot(rowsOf(true), rowsOf(false));
        });
        const total = added.reduce((sum, { more }) => sum + more, 0);
        expect(decisionsIn(...lines)).toHaveLength(total);
      }),
      { numRuns: runs(500) },
    );
  });

  it.each([
    ['5.0', 5],
    ['1e2', 100],
    ['1.2E+1', 12],
    ['0.30e1', 3],
    ['12345678901234567', 100_000],
    ['1e15', 100_000],
    ['1e400', 100_000],
    ['-0', 0],
    ['"1e1"', 10],
    ['"many"', 1],
  ])('a count that is written %s is %i decisions of one snapshot', (written, decisions) => {
    const line = snapshot([row('a.example', 77)], []).replace('77', written);
    expect(decisionsIn(line)).toHaveLength(decisions);
  });

  it('a number of a row is printed as it was written', () => {
    const [event] = decisionsIn(
      snapshot([row('a.example', 1)], []).replace('"vm_name"', '"n":1.50,"vm_name"'),
    );
    expect(JSON.stringify(event?.raw)).toContain('"n":1.50');
  });

  it('rows of one destination that differ in type or rule are told once each', () => {
    const both = (forward: number, bypass: number): string =>
      snapshot([], [row('a.example', forward), row('a.example', bypass, { proxy_type: 'forward-bypass' })]);
    const events = decisionsIn(both(5, 3), both(5, 3), both(5, 4), both(5, 4));
    const opaque = events.filter(({ interception }) => interception === 'opaque');
    expect([events.length, opaque.length]).toEqual([9, 4]);
  });

  it('a row that goes takes no decision back and tells none again', () => {
    const other = row('a.example', 3, { rule: 'another' });
    const one = row('a.example', 5);
    expect(decisionsIn(snapshot([one, other], []), snapshot([other], []))).toHaveLength(8);
  });

  it('a row whose rule was renamed tells only its new decisions', () => {
    const renamed = row('a.example', 6, { rule: 'another name' });
    expect(decisionsIn(snapshot([row('a.example', 5)], []), snapshot([renamed], []))).toHaveLength(6);
  });

  it('a row with more decisions than one snapshot adds is told of once, and the next snapshots add the rest', () => {
    const line = snapshot([row('a.example', 250_000)], []);
    const decoder = new LineDecoder(SYSTEMS);
    const notices: string[] = [];
    const counts = [1, 2, 3, 4].map(first => {
      let count = 0;
      decoder.decode(
        { source: 'a', first, lines: [line] },
        {
          event: () => (count += 1),
          malformed: ({ why }) => expect(why).toBe(''),
          unrecognised: ({ kind }) => expect(kind).toBe(''),
          notice: ({ why }) => notices.push(why),
        },
      );
      return count;
    });
    expect(counts).toEqual([100_000, 100_000, 50_000, 0]);
    expect(notices).toEqual(['a row counts more decisions than one snapshot adds: the totals lack the rest']);
  });

  it.each(['{"blocked_hosts":"x"}', '{"blocked_hosts":[1]}', '{"blocked":[]}'])('%s is no snapshot', line => {
    expect(sbx.recognises(JSON.parse(line) as JsonObject)).toBe(false);
  });
});

it('the audit records of a governed machine rule on the network by their decision', () => {
  const lines = readFileSync(new URL('../../fixtures/sbx-governed.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const events = lines.map(line => sbx.decode(JSON.parse(line) as JsonObject, { source: 'a', agent: null }));
  expect(events.map(({ verdict, host, port }) => [verdict, host, port])).toEqual([
    [null, null, null],
    ['deny', 'pastebin.com', 443],
    ['allow', 'registry.npmjs.org', 443],
    ['pending', 'docs.rs', 443],
    ['allow', 'docs.rs', 443],
    ['deny', 'evil.example', 443],
    ['would-deny', 'new.example', 443],
    [null, null, null],
    [null, null, null],
  ]);
});

/** A stand-in for `sbx`, which prints what stands in a file when its policy log is asked for. */
function withSbx(answer: string) {
  const here = machine();
  here.write(
    'bin/sbx',
    `#!/bin/sh\n[ "$*" = "policy log --json" ] && exec cat "${here.path('answer.json')}"\necho "unknown: $*" >&2\nexit 2\n`,
  );
  chmodSync(here.path('bin/sbx'), 0o755);
  here.write('answer.json', answer);
  return { ...here, env: { ...here.env, PATH: `${here.path('bin')}:${here.env['PATH'] ?? ''}` } };
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

describe('the word sbx:', () => {
  it('report sbx: runs the program once and counts its rows', async () => {
    const here = withSbx(pretty(snapshot([row('evil.example', 3)], [row('ports.ubuntu.com:80', 1)])));
    const around = { cwd: here.path('work'), env: here.env };
    const { code, stdout } = await runHere(['report', 'sbx:', '--json'], around, '');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { verdicts: { deny: 3, allow: 1 } }]);
  });

  it('a file of such an answer counts the same', async () => {
    const here = machine();
    here.write(
      'work/policy-log.json',
      pretty(snapshot([row('evil.example', 3)], [row('ports.ubuntu.com:80', 1)])),
    );
    const { stdout } = await here.run(['report', 'policy-log.json', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ verdicts: { deny: 3, allow: 1 } });
  });

  it('follows the program: each answer that differs is one line, and a failure is the status of the source', async () => {
    const here = withSbx(pretty(snapshot([row('a.example', 1)], [])));
    const lines: string[] = [];
    const states: string[] = [];
    const following = followSources(
      [{ type: 'command', name: 'sbx:', argv: [here.path('bin/sbx'), 'policy', 'log', '--json'] }],
      {
        lines: batch => void lines.push(...batch.lines.map(String)),
        status: ({ state, why }) => void states.push(`${state} ${why ?? ''}`),
      },
      { pollMs: 20 },
    );
    onTestFinished(() => following.stop());
    await until(() => lines.length === 1);
    writeFileSync(here.path('answer.json'), pretty(snapshot([row('a.example', 2)], [])));
    await until(() => lines.length === 2);
    expect(decisionsIn(...lines)).toHaveLength(2);
    writeFileSync(here.path('answer.json'), 'no daemon');
    await until(() => states.some(state => state.startsWith('failed') && state.includes('no JSON document')));
  });

  it('a program that is not installed is told with its remedy', async () => {
    const here = machine();
    const { code, stderr } = await here.run(['report', 'sbx:']);
    expect(code).toBe(1);
    expect(stderr).toContain('sbx is not installed');
  });
});
