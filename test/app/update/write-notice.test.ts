import { expect, it } from 'vitest';
import type { MediatorState } from '../../../src/app/state/outside.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { NOW } from '../traffic-of.ts';
import { openSession, POLICY, type Session } from '../session.ts';

const REVISION = 'sha256:2';

/** An edit was written; the footer tells of it. */
function written(): Session {
  const session = openSession({ columns: 120 });
  const parsed = microagentDialect.parse(POLICY, 'p.yaml');
  if (parsed.type === 'invalid') throw new Error('the policy of a test must parse');
  const { policy } = parsed;
  session.tell({
    type: 'edit-written',
    saved: { at: NOW, revision: REVISION, edit: [], before: policy, after: policy, judging: {}, advice: '' },
    notice: { text: 'saved: allow +x.example', tone: 'allow', isOfWrite: true },
  });
  return session;
}

const acknowledged = (session: Session, by: string): void =>
  session.tell({ type: 'policy-acknowledged', revision: REVISION, by, at: NOW });

const MEDIATOR: MediatorState = {
  system: 'egresstop',
  name: '127.0.0.1:8877',
  summary: '',
  differences: [],
  remedy: null,
  revision: REVISION,
  mode: 'strict',
  isReader: true,
  next: null,
};

it('the notice of a write goes when a mediator has acknowledged it', () => {
  const session = written();
  expect(session.rows().at(-1)).toContain('saved: allow +x.example');
  acknowledged(session, 'm');
  expect(session.rows().at(-1)).not.toContain('saved:');
});

it('another notice stays when a mediator has acknowledged the write', () => {
  const session = written();
  session.tell({ type: 'noticed', notice: { text: 'something else', tone: 'warn' } });
  acknowledged(session, 'm');
  expect(session.rows().at(-1)).toContain('something else');
});

it.each(['egresstop', '127.0.0.1:8877'])(
  'the header calls a mediator by its one name, though %s was said',
  by => {
    const session = written();
    session.tell({ type: 'mediators-read', mediators: [MEDIATOR] });
    acknowledged(session, by);
    expect(session.rows()[0]).toContain('acknowledged by 127.0.0.1:8877');
  },
);
