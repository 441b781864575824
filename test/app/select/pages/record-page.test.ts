import { expect, it } from 'vitest';
import { openSession, type Session } from '../../session.ts';
import { decision } from '../../../core/sample-events.ts';
import { trafficOf } from '../../traffic-of.ts';

const RAW = {
  verdict: 'deny',
  headers: { accept: '*/*', 'x-list': [1, true, null, 'a'] },
  nested: '{"looks":"like JSON"}',
  long: `${'x'.repeat(300)}END`,
  empty: {},
  hostile: 'a\u001b[31mb\u202ec',
};

/** The page of one event, with the cursor on the first line that holds a text. */
function recordPage(raw: Readonly<Record<string, unknown>> = RAW): Session {
  const session = openSession({
    traffic: trafficOf([decision('deny', { host: 'x.example', raw })]),
    columns: 100,
    rows: 60,
  });
  session.press('5', 'enter');
  return session;
}

const shown = (session: Session): string => session.rows().join('\n');

/** Moves to the first line of the page that holds a text. */
function goTo(session: Session, text: string): void {
  session.press('/');
  session.type(text);
  session.press('enter');
}

it('a record stands on its page as JSON, open, with long texts cut', () => {
  const text = shown(recordPage());
  for (const part of ['▾   "headers": {', '"x-list": [', '    1,', 'true', 'null', '"empty": {}'])
    expect(text).toContain(part);
  expect(text).toContain('303 characters');
  expect(text).not.toContain('END"');
});

it('a text that looks like JSON stays a text', () => {
  expect(shown(recordPage())).toContain('"nested": "{\\"looks\\":\\"like JSON\\"}"');
});

it('control and direction characters of a record are visible', () => {
  const text = shown(recordPage());
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u202e');
});

it.each(['enter', 'space'])('%s on an object folds it, and opens it again', key => {
  const session = recordPage();
  goTo(session, '"headers"');
  session.press(key);
  expect(shown(session)).toMatch(/▸ +"headers": \{ … \},  2 keys/);
  expect(shown(session)).not.toContain('x-list');
  session.press(key);
  expect(shown(session)).toContain('x-list');
});

it('a long text opens into lines, and every one of them folds it again', () => {
  const session = recordPage();
  goTo(session, '"long"');
  session.press('enter');
  expect(shown(session)).toContain('END"');
  session.press('j', 'j', 'enter');
  expect(shown(session)).not.toContain('END"');
  expect(shown(session)).toMatch(/▌ ▸ +"long"/);
});

it('- folds all below the outermost braces, + opens all', () => {
  const session = recordPage();
  session.press('-');
  expect(shown(session)).toMatch(/"headers": \{ … \}/);
  expect(shown(session)).toContain('"verdict": "deny"');
  session.press('+');
  expect(shown(session)).toContain('x-list');
  expect(shown(session)).toContain('END"');
});

it('a list of very many items is folded at first, and shows the first thousand', () => {
  const session = recordPage({ many: Array.from({ length: 5_000 }, (_, index) => index) });
  expect(shown(session)).toContain('"many": [ … ]  5,000 items');
  goTo(session, '"many"');
  session.press('enter', 'G', 'k', 'k', 'k');
  expect(shown(session)).toContain('… 4,000 more');
});

it('a key with a slash is another part than the keys that it looks like', () => {
  const session = recordPage({ 'a/b': { one: 1 }, a: { b: { two: 2 } } });
  goTo(session, '"a/b"');
  session.press('enter');
  expect(shown(session)).not.toContain('"one"');
  expect(shown(session)).toContain('"two"');
});

it('the fold keys say so where nothing folds', () => {
  const session = recordPage();
  session.press('?', '-');
  expect(session.rows().at(-1)).toContain('nothing can be folded here');
});

it('/ searches a page, and n and N go from match to match around the ends', () => {
  const session = recordPage({ one: 'needle', two: 'other', three: 'NEEDLE' });
  goTo(session, 'needle');
  expect(shown(session)).toMatch(/▌.*"one"/);
  session.press('n');
  expect(shown(session)).toMatch(/▌.*"three"/);
  session.press('n');
  expect(shown(session)).toMatch(/▌.*"one"/);
  expect(session.rows().at(-1)).toContain('went on at the top');
  session.press('N');
  expect(shown(session)).toMatch(/▌.*"three"/);
});

it('what a search found is highlighted until Esc, and the next Esc leaves the page', () => {
  const session = recordPage({ one: 'needle', two: 'needle' });
  goTo(session, 'needle');
  const marks = () =>
    session
      .view()
      .frame.flat()
      .filter(({ tone }) => tone === 'match');
  expect(marks().map(({ text }) => text)).toEqual(['needle', 'needle']);
  session.press('esc');
  expect(marks()).toEqual([]);
  expect(session.state().pages).toHaveLength(1);
  session.press('esc');
  expect(session.state().pages).toHaveLength(0);
});

it('Esc while a search is typed brings back the place of before', () => {
  const session = recordPage();
  const before = session.view().frame;
  session.press('/');
  session.type('hostile');
  expect(session.view().frame).not.toEqual(before);
  session.press('esc');
  expect(session.view().frame).toEqual(before);
});

it('a search that finds nothing says that folded parts are not searched', () => {
  const session = recordPage();
  goTo(session, 'nowhere');
  expect(session.rows().at(-1)).toContain(
    'nothing on this page matches nowhere; folded parts are not searched',
  );
});
