import { expect, it } from 'vitest';
import { SORTS } from '../../src/app/lists/order.ts';
import { knownColumns } from '../../src/app/select/columns/known-columns.ts';
import { SCREENS } from '../../src/app/state/screen.ts';
import { parseView, spellView, type SavedView } from '../../src/app/state/views.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const opened = (columns = 160): Session =>
  openSession({
    columns,
    traffic: trafficOf([decision('deny', { host: 'a.test', at: NOW, agent: 'research', tool: 'fetch' })]),
  });

const titles = (session: Session): readonly string[] =>
  (session.rows()[session.view().listRow - 1] ?? '')
    .split('│')[0]
    ?.trim()
    .split(/\s{2,}/) ?? [];

/** Makes the list show these columns and no others, in this order. */
function choose(session: Session, names: readonly string[]): void {
  session.press('C');
  for (const [place, name] of names.entries()) {
    const listed = (): readonly string[] => {
      const { dialog } = session.state();
      return dialog.type === 'columns' ? dialog.names : [];
    };
    session.press(...listed().map(() => 'up'));
    session.press(...Array<string>(listed().indexOf(name)).fill('down'));
    session.press(...Array<string>(listed().indexOf(name) - place).fill('K'));
  }
  const { dialog } = session.state();
  if (dialog.type !== 'columns') throw new Error('no columns are chosen');
  for (const name of dialog.names.slice(names.length)) {
    const { dialog: now } = session.state();
    if (now.type !== 'columns' || !now.shown.has(name)) continue;
    session.press(
      ...now.names.map(() => 'up'),
      ...Array<string>(now.names.indexOf(name)).fill('down'),
      'space',
    );
  }
}

it.each([
  ['1', ['agent', 'host', 'deny'], ['AGENT', 'HOST', 'DENY']],
  ['2', ['denied', 'host', 'reason'], ['DENIED UTC▾', 'HOST', 'REASON']],
  ['5', ['verdict', 'host', 'time'], ['VERDICT', 'HOST', 'UTC▾']],
  ['6', ['entry', 'list'], ['ENTRY', 'LIST']],
])('C chooses which columns a list shows and in which order, on screen %s', (screen, names, shown) => {
  const session = opened();
  session.press(screen);
  choose(session, names);
  expect(titles(session)).toEqual(shown);
  session.press('enter');
  expect([titles(session), session.state().columnChoices[session.state().screen]]).toEqual([shown, names]);
});

it('Esc brings back the columns from before, and the last column cannot be hidden', () => {
  const session = opened();
  const before = titles(session);
  session.press('C', 'down', 'space');
  expect(titles(session)).not.toEqual(before);
  session.press('esc');
  expect(titles(session)).toEqual(before);
  choose(session, ['host']);
  session.press(...Array<string>(20).fill('up'), 'space');
  expect(titles(session)).toEqual(['HOST']);
});

it('a column of the moment is shown whatever was chosen', () => {
  const session = opened();
  choose(session, ['agent', 'host']);
  session.press('enter', 'd');
  expect(titles(session)).toContain('DRAFT');
});

it('where there is no room, the chosen columns that come last go first', () => {
  const session = opened(80);
  choose(session, ['host', 'ruled-by', 'agent', 'tool', 'total', 'deny', 'allow']);
  expect(titles(session).slice(0, 4)).toEqual(['HOST', 'RULED BY', 'AGENT', 'TOOL']);
});

it('w orders the columns to be saved, and V then w the view of now under its name', () => {
  const session = opened();
  choose(session, ['host', 'deny']);
  session.press('w', '/');
  session.type('verdict:deny');
  session.press('enter', 'r', 'V', 'w');
  session.type('trouble = x');
  session.press('enter');
  const view: SavedView = {
    name: 'trouble x',
    screen: 'hosts',
    sort: 'total',
    isReversed: true,
    filter: 'verdict:deny',
  };
  expect(session.effects).toEqual([
    { type: 'save-choice', choice: { type: 'columns', screen: 'hosts', columns: ['host', 'deny'] } },
    { type: 'save-choice', choice: { type: 'view', view } },
  ]);
  session.press('esc', '2', 'V', 'enter');
  const { screen, filter, lists } = session.state();
  expect([screen, filter.text, lists.hosts.isReversed]).toEqual(['hosts', 'verdict:deny', true]);
});

it('a view is read back as it was written, on every screen and with every sort', () => {
  const views = SCREENS.flatMap(screen =>
    SORTS[screen].flatMap(sort =>
      ['', 'new:1h', 'verdict:deny host:"a b" -x = y'].map(filter => ({
        name: 'my view',
        screen,
        sort,
        isReversed: sort === 'name',
        filter,
      })),
    ),
  );
  expect(views.map(view => parseView(spellView(view), SORTS))).toEqual(views);
});

it.each(['', 'trouble', 'x = nowhere total', 'x = hosts line', '= hosts total'])(
  'a text that is no view says why: %s',
  text => {
    expect(parseView(text, SORTS)).toMatch(/./);
    expect(typeof parseView(text, SORTS)).toBe('string');
  },
);

it.each(SCREENS)('every column that %s shows can be chosen by its name', screen => {
  const session = opened(200);
  session.press(screen === 'suggest' ? 'S' : String(SCREENS.indexOf(screen) + 1));
  session.press('C');
  const { dialog } = session.state();
  const names = dialog.type === 'columns' ? dialog.names : [];
  expect(names.filter(name => !knownColumns(screen).includes(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(2);
  expect(new Set(names).size).toBe(names.length);
});
