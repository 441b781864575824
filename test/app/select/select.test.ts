import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineWidth } from '../../../src/app/select/text/fit.ts';
import { keyTable } from '../../../src/app/keys/key-bindings.ts';
import type { Line } from '../../../src/app/select/text/span.ts';
import { SCREENS } from '../../../src/app/state/screen.ts';
import { visible } from '../../../src/core/visible.ts';
import { decision } from '../../core/sample-events.ts';
import { anyEvent, anyStep } from '../any-step.ts';
import { openSession, type Session } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';
import { runs } from '../../runs.ts';

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

function expectFrame(session: Session): void {
  const { columns, rows } = session.state();
  const { frame } = session.view();
  expect(frame).toHaveLength(rows);
  for (const line of frame) {
    expect(lineWidth(line)).toBeLessThanOrEqual(columns);
    expect(visible(textOf(line))).toBe(textOf(line));
  }
}

describe('a frame', () => {
  it('a frame fills the terminal’s rows exactly, none too wide or unsafe, whatever was pressed, typed, read or resized', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.array(anyStep, { maxLength: 25 }),
        fc.integer({ min: 80, max: 200 }),
        fc.integer({ min: 24, max: 60 }),
        (events, steps, columns, rows) => {
          const session = openSession({ traffic: trafficOf(events), columns, rows });
          for (const act of steps) {
            act(session);
            expectFrame(session);
          }
          session.flush();
          expectFrame(session);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it.each(SCREENS)('the empty frame of %s is whole at every size', screen => {
    for (const [columns, rows] of [
      [80, 24],
      [81, 25],
      [200, 60],
      [79, 24],
      [80, 23],
      [1, 1],
      [0, 0],
    ] as const) {
      const session = openSession({ columns: 100, rows: 30 });
      session.press(String(SCREENS.indexOf(screen) + 1));
      session.tell({ type: 'resized', columns, rows });
      expectFrame(session);
    }
  });

  it('keeps its columns straight under wide and hostile names', () => {
    const hosts = ['例え.テスト', '👩‍👩‍👧‍👦.x', 'e\u0301.x', '\u001b[2J.x', 'plain.example'];
    const session = openSession({ traffic: trafficOf(hosts.map(host => decision('deny', { host }))) });
    const cells = session
      .view()
      .frame.slice(session.view().listRow, session.view().listRow + hosts.length)
      .map(line => lineWidth(line));
    expect(new Set(cells).size).toBe(1);
  });
});

describe('the screen', () => {
  it('too small says so, what it needs and what it is, and comes back', () => {
    const session = openSession({ traffic: trafficOf([decision('deny', { host: 'a.example' })]) });
    session.tell({ type: 'resized', columns: 60, rows: 15 });
    expect(session.rows().slice(0, 3)).toEqual([
      'egresstop needs 80×24',
      'this is 60×15',
      'counting goes on · q quits',
    ]);
    session.tell({ type: 'resized', columns: 80, rows: 24 });
    expect(session.rows().join()).toContain('a.example');
  });

  it('says what is frozen, read-only, folded, malformed and dropped', () => {
    const traffic = trafficOf(
      Array.from({ length: 30 }, (_, index) => decision('deny', { host: `h${index}` })),
      { hosts: 20 },
    );
    traffic.addDropped(3);
    traffic.addMalformed({ source: 'a', line: 1, column: null, severity: 'error', why: 'x', remedy: null });
    const session = openSession({ traffic, options: { isReadonly: true }, columns: 140 });
    session.press('F');
    const header = session.rows().slice(0, 3).join('\n');
    for (const said of ['READ-ONLY', 'FROZEN +0', '1 malformed', '3 dropped', 'quiet hosts folded'])
      expect(header).toContain(said);
  });

  it('leaves room for the sources beside a long policy name', () => {
    const session = openSession({ columns: 80 });
    session.tell({
      type: 'policy-rejected',
      trouble: 'invalid',
      path: `/${'long'.repeat(40)}.yaml`,
      problems: [],
    });
    expect(session.rows()[0]).toMatch(/egresstop .*no sources.*long/);
  });

  it('shows the end of a query longer than its room, with the cursor', () => {
    const session = openSession({ columns: 80 });
    session.press('/');
    session.type(`${'word '.repeat(30)}end`);
    expect(session.rows().at(-1)).toMatch(/…\S* word.* end  /);
  });

  it('redacts queries, in the record and inside a command, until asked', () => {
    const raw = { url: 'https://x.example/p?token=SECRET', command: 'curl "https://y.example/?k=SECRET" -s' };
    const session = openSession({
      traffic: trafficOf([decision('allow', { host: 'x.example', url: raw.url, raw, at: NOW })]),
    });
    session.press('5', 'enter');
    expect(session.rows().join('\n')).not.toContain('SECRET');
    expect(session.rows().join('\n')).toContain('curl \\"https://y.example/?…\\" -s');
    session.press('Q');
    expect(session.rows().join('\n')).toContain('k=SECRET');
  });

  it('says in the help all of what each key does, at 80 columns', () => {
    const session = openSession({ columns: 80, rows: 60 });
    session.press('?');
    const shown = session
      .view()
      .page.map(({ line }) => textOf(line).trim().replace(/ +/g, ' '))
      .join(' ');
    for (const { help } of keyTable({ keys: {} })) expect(shown).toContain(help);
    for (const { line } of session.view().page) expect(lineWidth(line)).toBeLessThanOrEqual(78);
  });

  it('shows a record of a megabyte in no more lines than it has room for words', () => {
    const raw = { command: 'x'.repeat(1_000_000), marks: '例'.repeat(300_000), dots: 'a.'.repeat(200_000) };
    const session = openSession({ traffic: trafficOf([decision('allow', { host: 'x.example', raw })]) });
    session.press('5', 'enter', 'G');
    expectFrame(session);
  });

  it('counts on Policy which hosts and decisions each entry decides', () => {
    const hosts = ['a.pypi.org', 'b.pypi.org', 'b.pypi.org', 'docs.rs'];
    const session = openSession({
      traffic: trafficOf(hosts.map(host => decision('allow', { host }))),
      columns: 120,
    });
    session.press('6');
    expect(session.rows().find(row => row.includes('.pypi.org'))).toMatch(/allow +\.pypi\.org +2 +3\b/);
    expect(session.rows().find(row => row.includes('granted.example'))).toMatch(/unused +ends in 6 hours/);
  });

  it('shows a notice too long for a line on two, and the frame stays as high', () => {
    const session = openSession({ columns: 80, rows: 24 });
    const text = `${'what was refused and why it was '.repeat(3)}: name another file`;
    session.tell({ type: 'noticed', notice: { text, tone: 'warn' } });
    expect(session.rows().slice(-2).join(' ').replace(/ +/g, ' ')).toContain(text.replace(/ +/g, ' '));
    expectFrame(session);
    session.tell({ type: 'noticed', notice: { text: 'x '.repeat(500_000), tone: 'warn' } });
    expectFrame(session);
  });

  it('cuts the name on a host’s page in the middle, so that its verdicts and its owner stay', () => {
    const host = `${'a'.repeat(120)}.owner.example`;
    const session = openSession({ columns: 80, traffic: trafficOf([decision('deny', { host })]) });
    session.press('enter');
    expect(session.rows().find(row => /a…a+\.owner\.example {2}1 deny$/.test(row))).toBeDefined();
  });

  it('each row adds up to 80 columns, whatever was counted', () => {
    const events = (['allow', 'deny', 'would-deny', 'would-deny', 'pending', 'error'] as const).map(verdict =>
      decision(verdict, { host: 'docs.rs', at: NOW }),
    );
    const rows = openSession({ columns: 80, traffic: trafficOf(events) }).rows();
    expect(rows.find(row => row.includes('TOTAL'))).toMatch(/TOTAL▾? +ALLOW +DENY▾? +OTHER /);
    expect(rows.find(row => row.includes('docs.rs'))).toMatch(/ 6 +1 +1 +4 /);
    const plain = openSession({ columns: 80, traffic: trafficOf(events.slice(0, 2)) }).rows();
    expect(plain.join('\n')).not.toContain('OTHER');
  });
});
