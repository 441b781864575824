import { describe, expect, it } from 'vitest';
import { layEdits } from '../../../src/policy-file/editing/lay-edits.ts';
import { microagentDialect as dialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, POLICY, type Session, type SessionOptions } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const own = { system: 'microagent', tool: 'fetch', agent: 'research', at: NOW - 1_000 };
const EVENTS = [
  decision('deny', { ...own, host: 'api.vendor.example' }),
  decision('deny', { ...own, host: 'api.vendor.example', agent: 'builder' }),
  decision('allow', { ...own, host: 'docs.rs' }),
];

/** Answers every order to lay a draft, as the port does on a file of this text. */
function lay(session: Session, text = POLICY, revision = 'sha256:0'): void {
  for (const effect of session.effects.splice(0)) {
    if (effect.type !== 'lay-draft') continue;
    const laid = layEdits({ text, path: '/etc/policy.yaml', dialect }, effect.edits);
    if (laid.type === 'refused') session.tell({ type: 'draft-refused', asked: effect.edits, why: laid.why });
    else {
      const { policy, whole, edits, notes } = laid;
      session.tell({
        type: 'draft-laid',
        asked: effect.edits,
        edits,
        laid: { revision, policy, whole },
        notes,
      });
    }
  }
}

function open(options: SessionOptions = {}): Session {
  const session = openSession({ traffic: trafficOf(EVENTS), columns: 120, ...options });
  session.press('d');
  lay(session);
  return session;
}

/** A draft that allows api.vendor.example. */
function drafted(options: SessionOptions = {}): Session {
  const session = open(options);
  session.press('/');
  session.type('vendor');
  session.press('enter', 'a');
  session.plan();
  session.press('enter');
  lay(session);
  session.press('esc');
  return session;
}

const row = (session: Session, word: string): string =>
  session.rows().find(shown => shown.includes(word)) ?? '';

describe('a draft', () => {
  it('takes edits without an order to write', () => {
    const session = open();
    session.press('/');
    session.type('vendor');
    session.press('enter', 'a');
    expect(session.effects).toEqual([
      { type: 'plan-edit', edit: [{ type: 'add', list: 'allow', entry: 'api.vendor.example' }], onto: [] },
    ]);
    session.plan({ warnings: [{ severity: 'danger', entry: 'x', why: 'opens much' }] });
    session.effects.length = 0;
    session.press('enter');
    expect(session.effects.map(({ type }) => type)).toEqual(['lay-draft']);
    expect(session.state()).toMatchObject({ dialog: { type: 'none' }, draft: { edits: [[{}]] } });
  });

  it('tells in words what went into it, and the keys that save and drop it', () => {
    const session = open();
    session.press('6', 'g', 'x');
    session.plan();
    session.press('enter');
    expect(session.rows().at(-1)).toContain(
      'draft: remove docs.rs from allow · w saves the draft, d drops it',
    );
  });

  it('says in the header what it would rule otherwise, and keeps counting', () => {
    const session = drafted();
    expect(row(session, 'DRAFT')).toContain('1 edit, not saved · would newly allow 1 host (2 denials)');
    session.store.add(decision('deny', { ...own, host: 'api.vendor.example' }));
    session.flush();
    expect(row(session, 'not saved')).toContain('newly allow 1 host (3 denials)');
  });

  it('shows on every screen what it would decide beside what is decided', () => {
    const session = drafted();
    session.press('1');
    expect(row(session, 'api.vendor')).toMatch(/deny\s+→allow/);
    expect(row(session, 'docs.rs')).toMatch(/pass\s+= /);
    session.press('2');
    expect(row(session, 'api.vendor')).toMatch(/deny\s+→allow/);
    session.press('3');
    expect(row(session, 'fetch')).toMatch(/fetch\s+2→allow/);
    session.press('4');
    expect(row(session, 'builder')).toMatch(/builder\s+1→allow/);
    session.press('5');
    expect(row(session, 'api.vendor')).toMatch(/deny\s+→allow/);
    session.press('6');
    expect(row(session, 'api.vendor')).toMatch(/\+allow\s+api\.vendor\.example\s+1\s+2\s+draft: added/);
    session.press('2', 'enter');
    expect(row(session, 'under draft')).toContain('→ allow: allowlisted');
  });

  it('shows entries that it takes away until it is saved', () => {
    const session = open();
    session.press('6', 'x');
    session.plan();
    session.press('enter');
    lay(session);
    expect(row(session, 'draft: taken away')).toContain('-allow');
  });

  it('lets u take back its last edit, and no edit of the file', () => {
    const session = drafted();
    session.press('u');
    expect(session.effects).toEqual([{ type: 'lay-draft', edits: [] }]);
    lay(session);
    session.press('u');
    expect(session.effects).toEqual([]);
    expect(session.rows().at(-1)).toContain('no edit to take back');
  });

  it('a draft is saved as one edit through the dialog, and ends with it', () => {
    const session = drafted();
    session.press('w');
    expect(session.effects).toEqual([
      { type: 'plan-edit', edit: [{ type: 'add', list: 'allow', entry: 'api.vendor.example' }] },
    ]);
    session.plan({ warnings: [{ severity: 'danger', entry: 'x', why: 'opens much' }] });
    session.effects.length = 0;
    session.press('enter');
    expect(session.effects).toEqual([]);
    session.press('y');
    expect(session.effects).toMatchObject([{ type: 'write-edit', revision: 'sha256:1' }]);
    const policy = session.state().policy?.policy;
    if (!policy) throw new Error('the session has a policy');
    const saved = { at: NOW, revision: 'sha256:1', edit: [], before: policy, after: policy };
    session.tell({
      type: 'edit-written',
      saved: { ...saved, judging: { mode: 'strict' }, advice: '' },
      notice: { text: 'saved', tone: 'allow' },
    });
    expect(session.state().draft).toBeNull();
  });

  it('a draft is dropped only after asking, unless it is empty', () => {
    const empty = open();
    empty.press('d');
    expect(empty.state().draft).toBeNull();
    const session = drafted();
    session.press('d', 'esc');
    expect(session.state().draft?.edits).toHaveLength(1);
    session.press('d', 'enter');
    expect(session.state().draft?.edits).toHaveLength(1);
    expect(session.rows().at(-1)).toContain(
      'Enter does nothing here: w saves the draft, y drops it, Esc stays',
    );
    session.press('y');
    expect(session.state()).toMatchObject({ draft: null, dialog: { type: 'none' } });
  });

  it('holds q back at the root, and never Ctrl-C', () => {
    const session = drafted();
    session.press('q');
    expect(session.effects).toEqual([]);
    expect(session.rows().join()).toContain('Leave the program? A draft is open.');
    session.press('enter');
    expect(session.effects).toEqual([]);
    session.press('y');
    expect(session.effects).toEqual([{ type: 'quit' }]);
    session.effects.length = 0;
    session.press('esc', 'ctrl-c');
    expect(session.effects).toEqual([{ type: 'quit' }]);
  });

  it('w in the question about leaving shows the diff of the whole draft', () => {
    const session = drafted();
    session.press('q', 'w');
    expect(session.effects.map(({ type }) => type)).not.toContain('quit');
    expect(session.rows().join()).toContain('Save the draft: 1 edit');
  });

  it('a draft is applied again to a file that changed, and says so', () => {
    const session = drafted();
    const text = POLICY.replace('docs.rs', 'other.example');
    session.load(text, 'sha256:2');
    lay(session, text, 'sha256:2');
    expect(session.rows().at(-1)).toContain('the file changed: the draft was applied again, with 1 edit');
    const gone = POLICY.replace('docs.rs', 'docs.rs\n  - api.vendor.example');
    session.load(gone, 'sha256:3');
    lay(session, gone, 'sha256:3');
    expect(session.state().notice?.text).toContain(
      'dropped from the draft: api.vendor.example already stands in allow',
    );
    expect(session.state().draft?.edits).toEqual([]);
  });

  it('stays, and cannot be saved, while it does not fit the file', () => {
    const session = drafted();
    session.load(POLICY, 'sha256:2');
    lay(session, 'allow: {', 'sha256:2');
    expect(row(session, 'DRAFT')).toContain('does not fit the file');
    session.press('w');
    expect(session.effects).toEqual([]);
    expect(session.rows().at(-1)).toContain('the draft cannot be saved');
  });

  it('a draft can be made under --readonly, but not saved', () => {
    const session = drafted({ options: { isReadonly: true } });
    expect(session.state().draft?.edits).toHaveLength(1);
    session.press('w');
    expect(session.effects).toEqual([]);
    expect(session.rows().at(-1)).toContain('read-only');
  });

  it('takes no notice of an answer about edits it no longer holds', () => {
    const session = drafted();
    session.press('u');
    const [order] = session.effects.splice(0);
    session.press('d');
    if (order?.type !== 'lay-draft') throw new Error('an order was expected');
    const policy = session.state().policy?.policy;
    if (!policy) throw new Error('the session has a policy');
    session.tell({
      type: 'draft-laid',
      asked: order.edits,
      edits: [],
      laid: { revision: 'sha256:0', policy, whole: [] },
      notes: [],
    });
    expect(session.state().draft).toBeNull();
  });
});
