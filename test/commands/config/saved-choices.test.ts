import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ConfigChoice } from '../../../src/app/state/preferences.ts';
import { applyConfig } from '../../../src/commands/config/apply-config.ts';
import { followConfig } from '../../../src/commands/config/config-news.ts';
import { parseConfig } from '../../../src/commands/config/read-config.ts';
import { saveChoice, withChoice } from '../../../src/commands/config/save-choice.ts';
import { openSession, type Session } from '../../app/session.ts';
import { until } from '../../until.ts';

const COLUMNS: ConfigChoice = { type: 'columns', screen: 'hosts', columns: ['agent', 'host', 'deny'] };
const VIEW: ConfigChoice = {
  type: 'view',
  view: { name: 'trouble', screen: 'denied', sort: 'deny', isReversed: true, filter: 'new:1h x: #y' },
};

/** A home of its own, with this configuration or none. */
function homeWith(text: string | null) {
  const home = mkdtempSync(join(tmpdir(), 'egresstop-choices-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const path = join(home, '.config/egresstop/config.yaml');
  if (text !== null) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o640 });
  }
  return { path, places: { home, env: {} }, text: () => readFileSync(path, 'utf8') };
}

const preferred = (text: string) => {
  const config = { path: 'c.yaml', exists: true, ...parseConfig(text, 'c.yaml') };
  return applyConfig(config, { sources: [], options: {} }, { env: {}, home: null });
};

const FILES = [
  '',
  '# nothing but a comment\n',
  'theme: contrast # mine\n',
  'columns:\n  hosts: [host, total] # old\n  stream: [time]\nviews:\n  - mine = hosts total\n  - trouble = hosts total x\n',
  'columns: {hosts: [host]}\nviews: []\ntheme: dark\n',
];

it.each(FILES)('a saved choice is read back, and every other line stays as it is: %j', text => {
  let standing = text;
  for (const choice of [COLUMNS, VIEW]) {
    const after = withChoice(standing, choice, 'c.yaml');
    if (after.type === 'refused') throw new Error(after.why);
    standing = after.text;
  }
  const { preferences, problems } = preferred(standing);
  expect([problems, preferences.columns?.hosts, preferences.views?.at(-1)]).toEqual([
    [],
    COLUMNS.type === 'columns' && COLUMNS.columns,
    VIEW.type === 'view' && VIEW.view,
  ]);
  const kept = text.split('\n').filter(line => !/hosts|views: \[\]|trouble/.test(line));
  expect(kept.filter(line => !standing.includes(line))).toEqual([]);
  expect(preferences.columns?.stream).toEqual(preferred(text).preferences.columns?.stream);
});

it('a configuration with a mistake is not written, and the place of the mistake is told', async () => {
  const { places, text, path } = homeWith('theme: dark\nscreen: nowhere\n');
  expect(await saveChoice(COLUMNS, places)).toMatchObject({
    tone: 'warn',
    text: expect.stringContaining(`${path}:2:9`) as string,
  });
  expect(text()).toBe('theme: dark\nscreen: nowhere\n');
});

it('a choice makes the file where there is none, and keeps the mode of one that is there', async () => {
  const fresh = homeWith(null);
  expect((await saveChoice(VIEW, fresh.places)).text).toBe(`saved in ${fresh.path}`);
  expect(preferred(fresh.text()).preferences.views).toHaveLength(1);
  const there = homeWith('theme: dark\n');
  await saveChoice(VIEW, there.places);
  expect(statSync(there.path).mode & 0o777).toBe(0o640);
});

/** A dashboard that follows this configuration. */
async function following(text: string): Promise<{ readonly session: Session; readonly path: string }> {
  const { path, places } = homeWith(text);
  const session = openSession({ columns: 160 });
  onTestFinished(await followConfig(session.store, path, places));
  return { session, path };
}

const written = async (session: Session, path: string, text: string): Promise<string> => {
  writeFileSync(path, text);
  await until(() => session.state().notice !== null);
  return session.state().notice?.text ?? '';
};

it('a configuration that changes while the dashboard runs changes the screen', async () => {
  const { session, path } = await following('theme: dark\n');
  const text = await written(
    session,
    path,
    'theme: light\ncolumns:\n  hosts: [agent, host]\nsort:\n  denied: deny\npanes:\n  side: false\nviews:\n  - all = hosts total\n',
  );
  const { columnChoices, lists, panes, views } = session.state();
  expect([columnChoices.hosts, lists.denied.sort, panes.side, views.map(({ name }) => name)]).toEqual([
    ['agent', 'host'],
    'deny',
    false,
    ['all'],
  ]);
  expect(text).toBe('the configuration was read again; these settings take effect at the next start: theme');
});

it('a configuration that breaks is told with line and column, and the old one stays', async () => {
  const { session, path } = await following('columns:\n  hosts: [agent, host]\n');
  session.tell({
    type: 'preferences-changed',
    preferences: { columns: { hosts: ['agent', 'host'] } },
    notice: { text: '', tone: 'plain' },
  });
  session.press('j');
  const text = await written(session, path, 'columns:\n  hosts: [agnt]\n');
  expect(text).toContain(
    `the configuration stays as it was: ${path}:2:10: error: hosts has no column agnt: did you mean agent?`,
  );
  expect(session.state().columnChoices.hosts).toEqual(['agent', 'host']);
});

it('a change of the configuration leaves alone the sorts and panes that the operator chose on the screen', async () => {
  const kept = 'sort:\n  hosts: deny\npanes:\n  side: true\ncollapse-retries: true\n';
  const { session, path } = await following(kept);
  session.press('s', 'j', 'enter', '|', '5', 'c');
  const chosen = (): readonly unknown[] => {
    const { lists, panes, collapsesRetries } = session.state();
    return [lists.hosts.sort, lists.hosts.isReversed, panes, collapsesRetries];
  };
  const before = chosen();
  await written(session, path, `${kept}views:\n  - all = hosts total\n`);
  expect(session.state().views).toHaveLength(1);
  expect(chosen()).toEqual(before);
});
