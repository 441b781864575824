import { describe, expect, it } from 'vitest';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { trafficOf } from './traffic-of.ts';

const HOSTS = ['files.pypi.org', 'p.y.p.i.example', 'pypi.org', 'docs.rs'];
/** The later a host stands, the more often it was asked for. */
const EVENTS = HOSTS.flatMap((host, index) =>
  Array.from({ length: index + 1 }, () =>
    decision('deny', { host, tool: `tool-${host}`, agent: `agent-${host}` }),
  ),
);
const open = (): Session => openSession({ traffic: trafficOf(EVENTS), columns: 139 });
const filtered = (text: string, screen = '1'): Session => {
  const session = open();
  session.press(screen, '/');
  session.type(text);
  return session;
};
const names = (session: Session): readonly string[] => session.view().order.slice();
const highlights = (session: Session): readonly string[] =>
  session
    .view()
    .frame.flatMap(line =>
      line.flatMap(({ text, tone }) => (tone === 'match' || tone === 'selected-match' ? [text] : [])),
    );

describe('fuzzy words', () => {
  it('fuzzy words put the best match first while they are typed, and after Enter', () => {
    const session = filtered('pypi');
    const best = ['pypi.org', 'files.pypi.org', 'p.y.p.i.example'];
    expect(names(session)).toEqual(best);
    session.press('enter');
    expect(names(session)).toEqual(best);
    expect(session.rows().join('\n')).toContain('HOST▾ best match');
  });

  it.each(['1', '2', '3', '4'])(
    'fuzzy words rank the names on screen %s and highlight what matches',
    screen => {
      const session = filtered('pypi', screen);
      expect(names(session)).toHaveLength(3);
      expect(names(session)[0]).toMatch(/^(?:tool-|agent-)?pypi\.org$/);
      expect(highlights(session)).toEqual(['pypi', 'pypi', 'p', 'y', 'p', 'i']);
    },
  );

  it('equal matches of fuzzy words stand in the order of the chosen column', () => {
    const host = (name: string, count: number) =>
      Array.from({ length: count }, () => decision('allow', { host: name }));
    const session = openSession({ traffic: trafficOf([...host('aa.example', 1), ...host('ab.example', 2)]) });
    session.press('/');
    session.type('example');
    expect(names(session)).toEqual(['ab.example', 'aa.example']);
  });

  it('the cursor is on the best match after every letter, and Esc puts it back', () => {
    const session = open();
    session.press('down', 'down');
    const before = session.state().lists.hosts;
    session.press('/');
    session.type('pypi');
    expect(session.rows().find(row => row.startsWith('▌'))).toContain('▌ pypi.org');
    session.press('esc');
    expect(session.state().lists.hosts).toEqual(before);
  });

  it.each([
    ['s', 'TOTAL▾'],
    ['r', 'TOTAL▴'],
  ])('%s brings back the order of a column, until another letter is typed', (key, title) => {
    const session = filtered('pypi');
    session.press('enter', key, ...(key === 's' ? ['enter'] : []));
    expect(session.rows().join('\n')).toContain(title);
    expect(session.rows().join('\n')).not.toContain('best match');
    const byTotal = ['pypi.org', 'p.y.p.i.example', 'files.pypi.org'];
    expect(names(session)).toEqual(key === 's' ? byTotal : byTotal.toReversed());
    session.press('/');
    session.type('.');
    expect(session.rows().join('\n')).toContain('HOST▾ best match');
  });

  it('words leave Stream in the order of time, and are highlighted where they stand', () => {
    const session = filtered('pypi', '5');
    session.press('enter');
    expect(session.rows().join('\n')).not.toContain('best match');
    expect(new Set(highlights(session))).toEqual(new Set(['pypi', '…'])); // a narrow column leaves letters out
  });

  it('each fuzzy word must match, in any order', () => {
    expect(names(filtered('org files'))).toEqual(['files.pypi.org']);
    expect(names(filtered('files org'))).toEqual(['files.pypi.org']);
  });

  it('a term with a key neither ranks nor highlights, and words beside it do', () => {
    expect(names(filtered('verdict:deny pypi'))[0]).toBe('pypi.org');
    const session = filtered('host:pypi.org');
    session.press('enter'); // the candidates below the prompt are highlighted
    expect(names(session)).toEqual(['pypi.org']);
    expect(highlights(session)).toEqual([]);
    expect(session.rows().join('\n')).toContain('TOTAL▾');
  });
});
