import { expect, it } from 'vitest';
import type { SavedEdit } from '../../src/app/state/enforcement.ts';
import type { PolicyEdit } from '../../src/core/policy/dialect.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, POLICY, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const policy = (text: string) => {
  const parsed = microagentDialect.parse(text, 'p.yaml');
  if (parsed.type === 'invalid') throw new Error('a policy of a test must parse');
  return parsed.policy;
};

const WITH_NEW = POLICY.replace('allow:\n', 'allow:\n  - .new.example\n');
const ADDED: PolicyEdit = [{ type: 'add', list: 'allow', entry: '.new.example' }];
const savedAt = (at: number, revision = 'sha256:2'): SavedEdit => ({
  at,
  revision,
  edit: ADDED,
  before: policy(POLICY),
  after: policy(WITH_NEW),
  judging: { mode: 'strict' },
  advice: 'restart required: do it',
});

const HOSTS = ['a.new.example', 'b.new.example', 'docs.rs'];

/** Three hosts, two of which an edit has just allowed. */
function edited({ screen = '1', columns = 120 } = {}): Session {
  const traffic = trafficOf(HOSTS.map(host => decision('deny', { host, at: NOW - 60_000 })));
  const session = openSession({ traffic, columns });
  session.tell({
    type: 'edit-written',
    saved: savedAt(NOW),
    notice: { text: 'saved', tone: 'allow', isOfWrite: true },
  });
  session.load(WITH_NEW, 'sha256:2');
  session.press(screen);
  return session;
}

const EDIT_CELL = / (saved|✓✓|✓) /;
const marks = (session: Session): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    session
      .rows()
      .slice(3)
      .flatMap(row => {
        const host = HOSTS.find(name => row.slice(2).startsWith(name));
        return host ? [[host, EDIT_CELL.exec(row)?.[1] ?? null]] : [];
      }),
  );

const allowed = (host: string, at = NOW + 1) => decision('allow', { host, at });
function observe(session: Session, host: string, at?: number): void {
  session.tell({ type: 'event-observed', event: allowed(host, at), acknowledges: null });
  session.flush();
}

it('a list has the column EDIT only after an edit', () => {
  expect(openSession().rows().join('\n')).not.toContain('EDIT');
});

it.each(['1', '2'])(
  'each host has what is known of the edit that turned its ruling, on screen %s',
  screen => {
    const session = edited({ screen });
    expect(marks(session)).toEqual({ 'a.new.example': 'saved', 'b.new.example': 'saved', 'docs.rs': null });
    session.tell({ type: 'policy-acknowledged', revision: 'sha256:2', by: 'm', at: NOW + 1 });
    expect(marks(session)).toEqual({ 'a.new.example': '✓', 'b.new.example': '✓', 'docs.rs': null });
    observe(session, 'b.new.example');
    expect(marks(session)).toEqual({ 'a.new.example': '✓', 'b.new.example': '✓✓', 'docs.rs': null });
  },
);

it('a second host is confirmed by a decision of its own, after the first confirmed the edit', () => {
  const session = edited();
  observe(session, 'b.new.example');
  expect(session.state().enforcement.type).toBe('confirmed');
  observe(session, 'a.new.example');
  expect(marks(session)).toEqual({ 'a.new.example': '✓✓', 'b.new.example': '✓✓', 'docs.rs': null });
});

it.each([
  ['a decision from before the edit', 'a.new.example', NOW - 1],
  ['a decision that the old policy gave as well', 'docs.rs', NOW + 1],
])('%s confirms no host', (_, host, at) => {
  const session = edited();
  observe(session, host, at);
  expect(Object.values(marks(session))).not.toContain('✓✓');
});

it('a mark is coloured once, and quiet from a quarter of a minute on', () => {
  const session = edited();
  const tone = (): string | undefined =>
    session
      .view()
      .frame.slice(4)
      .flat()
      .find(({ text }) => text.trim() === 'saved')?.tone;
  session.press('G');
  expect(tone()).toBe('warn');
  session.wait(16_000);
  session.tell({ type: 'ticked', now: NOW + 16_000 });
  session.flush();
  expect(tone()).toBe('dim');
});

it('an edit that a later change took back leaves no mark', () => {
  const session = edited();
  session.load(POLICY, 'sha256:3');
  expect(Object.values(marks(session))).toEqual([null, null, null]);
});

it('a later edit that a mediator takes up acknowledges the earlier ones, too', () => {
  const session = edited();
  const second = { ...savedAt(NOW, 'sha256:4'), before: policy(WITH_NEW) };
  session.tell({ type: 'edit-written', saved: second, notice: { text: '', tone: 'allow' } });
  session.tell({ type: 'policy-acknowledged', revision: 'sha256:4', by: 'm', at: NOW + 1 });
  expect(marks(session)['a.new.example']).toBe('✓');
});

it('Policy has the mark of the edit on the entry that it added, and on no other', () => {
  const session = edited({ screen: '6' });
  const row = (entry: string): string => session.rows().find(text => text.includes(` ${entry} `)) ?? '';
  expect([EDIT_CELL.test(row('.new.example')), EDIT_CELL.test(row('.pypi.org'))]).toEqual([true, false]);
  observe(session, 'a.new.example');
  expect(row('.new.example')).toContain('✓✓');
});

it('the page of a host tells the edit and each thing that is known of it with its time', () => {
  const session = edited();
  session.tell({ type: 'policy-acknowledged', revision: 'sha256:2', by: 'm', at: NOW + 1_000 });
  observe(session, 'a.new.example', NOW + 2_000);
  session.press('/');
  session.type('a.new');
  session.press('enter', 'enter');
  const time = (ms: number): string => new Date(NOW + ms).toISOString().slice(11, 19);
  expect(session.rows().join('\n').replace(/\s+/g, ' ')).toContain(
    `allow +.new.example: saved ${time(0)}, acknowledged ${time(1_000)}, confirmed by a decision ${time(2_000)}`,
  );
});

it('an edit of another program that nobody has taken up stands in the header as our own would', () => {
  const session = openSession({ columns: 120 });
  session.load(WITH_NEW, 'sha256:2');
  session.tell({ type: 'edit-found', saved: savedAt(NOW - 5_000) });
  session.press('j');
  expect(session.rows()[0]).toContain('restart required');
  observe(session, 'a.new.example');
  expect(session.rows()[0]).toContain('confirmed by a decision on a.new.example');
});

it('an edit found in the journal says nothing of a file that changed since', () => {
  const session = openSession({ columns: 120 });
  session.tell({ type: 'edit-found', saved: savedAt(NOW) });
  expect(session.state().enforcement.type).toBe('none');
});

it('a decision that confirms an edit at once is noted in the journal, for other dashboards', () => {
  const session = edited();
  observe(session, 'a.new.example');
  expect(session.effects.filter(({ type }) => type === 'journal-acknowledgement')).toEqual([
    {
      type: 'journal-acknowledgement',
      revision: 'sha256:2',
      by: 'a decision on a.new.example',
      at: NOW + 1,
    },
  ]);
});
