import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../../../src/app/state/journal.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import { NOW } from '../traffic-of.ts';

const entry = (name: string, known: Partial<JournalLine> = {}): JournalLine => ({
  name: { at: `2026-11-20T11:00:0${name.length}.000Z`, after: `sha256:${name}` },
  at: `2026-11-20T11:00:0${name.length}.000Z`,
  actor: 'ada@lab',
  what: `allow +${name}`,
  edit: [{ type: 'add', list: 'allow', entry: name }],
  diff: `--- a\n+++ b\n@@ -1 +1,2 @@\n+  - ${name}\n`,
  standing: 'stands',
  expires: null,
  acknowledged: null,
  ...known,
});
const JOURNAL = [
  entry('newest'),
  entry('older', { standing: 'undone' }),
  entry('old', { acknowledged: '2026-11-20T11:30:00.000Z' }),
];

function open(options: SessionOptions = {}): Session {
  const session = openSession({ columns: 120, ...options });
  session.tell({ type: 'journal-read', journal: JOURNAL });
  session.press('J');
  session.effects.length = 0;
  return session;
}

/** The same, with the cursor on the edit of that name. */
function on(name: string, options: SessionOptions = {}): Session {
  const session = open(options);
  while (!session.rows().some(row => row.startsWith('▌') && row.includes(`+${name} `))) session.press('j');
  return session;
}

describe('the journal', () => {
  it('the journal is read when its page opens', () => {
    const session = openSession();
    session.press('J');
    expect(session.effects).toEqual([{ type: 'read-journal' }]);
  });

  it('says what was undone and what a mediator acknowledged', () => {
    const rows = open().rows().join('\n');
    expect(rows).toMatch(/undone +allow \+older/);
    expect(rows).toMatch(/✓ ack +allow \+old /);
  });

  it('tells on the page of an edit how long ago it was, and how long its grant still lasts', () => {
    const session = openSession({ columns: 120 });
    session.tell({ type: 'journal-read', journal: [entry('old', { expires: '2026-11-20T13:12:00.000Z' })] });
    session.press('J', 'enter');
    const rows = session.rows().join('\n');
    expect(rows).toContain('2026-11-20T11:00:03.000Z, 59 minutes ago, by ada@lab');
    expect(rows).toContain('2026-11-20T13:12:00.000Z, in 1 hour 12 minutes');
  });

  it('lets u ask for the undo of the edit under the cursor, and write it on the text that was shown', () => {
    const session = on('old');
    session.press('u');
    const { name } = entry('old');
    expect(session.effects).toMatchObject([{ type: 'plan-edit', undoes: name }]);
    session.effects.length = 0;
    session.plan();
    session.press('enter');
    expect(session.effects).toMatchObject([{ type: 'write-edit', undoes: name, revision: 'sha256:1' }]);
  });

  it('refuses what is undone, and everything under --readonly or while a draft is open', () => {
    const undone = on('older');
    undone.press('u');
    expect(undone.rows().at(-1)).toContain('already undone');
    const reader = on('old', { options: { isReadonly: true } });
    reader.press('u');
    expect(reader.rows().at(-1)).toContain('read-only');
    const drafter = on('old');
    drafter.press('d');
    drafter.effects.length = 0;
    drafter.press('u');
    expect(drafter.rows().at(-1)).toContain('a draft is open');
    expect([undone, reader, drafter].flatMap(({ effects }) => effects)).toEqual([]);
  });

  it('holds its cursor on the edit while newer ones come', () => {
    const session = on('old');
    session.tell({ type: 'journal-read', journal: [entry('brandnew'), ...JOURNAL] });
    session.flush();
    expect(session.rows().find(row => row.startsWith('▌'))).toContain('+old ');
  });

  it('the journal records what a mediator acknowledged, but not under --readonly', () => {
    const said = {
      type: 'policy-acknowledged',
      revision: 'sha256:0',
      by: '127.0.0.1:8877',
      at: NOW,
    } as const;
    const session = openSession();
    session.tell(said);
    expect(session.effects).toEqual([{ ...said, type: 'journal-acknowledgement' }]);
    const reader = openSession({ options: { isReadonly: true } });
    reader.tell(said);
    expect(reader.effects).toEqual([]);
  });
});
