import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { preferring } from '../../../src/app/state/preferences.ts';
import { initialState } from '../../../src/app/state/state.ts';
import { applyConfig } from '../../../src/commands/config/apply-config.ts';
import { screenChoices } from '../../../src/commands/config/screen-choices.ts';
import { checkConfig, initConfig, templateText } from '../../../src/commands/config/config.ts';
import { parseConfig, readConfig, type Config } from '../../../src/commands/config/read-config.ts';
import { SETTINGS } from '../../../src/commands/config/settings.ts';
import { OPTIONS } from '../../app/session.ts';
import { NOW } from '../../app/traffic-of.ts';

const PATH = '/home/op/.config/egresstop/config.yaml';
const PLACES = { env: {}, home: '/home/op' };
const configOf = (text: string): Config => ({ path: PATH, exists: true, ...parseConfig(text, PATH) });
const applied = (text: string, options = {}, sources: readonly string[] = []) =>
  applyConfig(configOf(text), { sources, options }, PLACES);

/** A setting as lines of YAML. */
function lineOf(key: string, value: string): string {
  const [outer = '', inner] = key.split('.');
  return inner === undefined ? `${outer}: ${value}\n` : `${outer}:\n  ${inner}: ${value}\n`;
}

/** A file in a folder of its own. */
function fileOf(text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'config.yaml');
  if (text !== null) writeFileSync(path, text);
  return path;
}

it('the file that init makes sets nothing, and is valid with every comment sign taken away', () => {
  expect(parseConfig(templateText(), PATH)).toEqual({ values: new Map(), problems: [] });
  const uncommented = templateText()
    .split('\n')
    .slice(1)
    .map(line => line.replace(/^# /, ''))
    .join('\n');
  const { values, problems } = parseConfig(uncommented, PATH);
  expect(problems).toEqual([]);
  expect([...values.keys()].sort()).toEqual(SETTINGS.map(({ key }) => key).sort());
});

it.each(SETTINGS.map(({ key }) => key))(
  'a wrong value of %s is told with its line, and sets nothing',
  key => {
    const config = configOf(`# a comment\n${lineOf(key, '{a: [nothing]}')}`);
    const problems = [...config.problems, ...screenChoices(config).problems];
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ source: PATH, line: key.includes('.') ? 3 : 2, severity: 'error' });
    expect(config.values.size).toBe(0);
  },
);

it.each(SETTINGS.filter(({ kind }) => typeof kind === 'object').map(({ key }) => key))(
  'an unknown word for %s names the words that there are',
  key => {
    expect(configOf(lineOf(key, 'nothing')).problems[0]?.remedy).toContain('it is one of');
  },
);

it.each(SETTINGS.filter(({ kind }) => kind === 'truth').map(({ key }) => key))(
  'no value for %s names the values that there are',
  key => {
    const [problem] = configOf(lineOf(key, 'null')).problems;
    expect(problem).toMatchObject({ why: `${key} must be one word`, remedy: 'it is one of true, false' });
  },
);

it('a key that is none is told with the one that was meant', () => {
  expect(configOf('thme: dark\n').problems[0]?.why).toContain('did you mean theme?');
  expect(configOf('panes:\n  sid: true\n').problems[0]?.why).toContain('did you mean side?');
});

it('a mistake in one setting leaves the others in force', () => {
  const { options, problems, preferences } = applied('theme: drak\nnotify: off\nscreen: denied\n');
  expect(problems).toHaveLength(1);
  expect(options.notify).toBe('off');
  expect(preferences.screen).toBe('denied');
});

it('flags win over the environment, and the environment over the file', () => {
  const text = 'theme: light\npolicy: ~/p.yaml\nsources: [~/a.jsonl, mediator]\n';
  expect(applied(text).options).toMatchObject({ theme: 'light', policy: '/home/op/p.yaml' });
  expect(applied(text).sources).toEqual(['/home/op/a.jsonl', 'mediator']);
  expect(applied(text, { theme: 'plain', policy: 'q.yaml' }, ['b.jsonl'])).toMatchObject({
    options: { theme: 'plain', policy: 'q.yaml' },
    sources: ['b.jsonl'],
  });
  const env = { EGRESSTOP_THEME: 'ansi' };
  expect(applyConfig(configOf(text), { sources: [], options: {} }, { ...PLACES, env }).options.theme).toBe(
    'ansi',
  );
});

it('the state begins with the sorts, panes and screen of the file', () => {
  const { preferences } = applied(
    'screen: denied\nmouse: true\npanes:\n  below: false\nsort:\n  hosts: -deny\ncollapse-retries: false\n',
  );
  const state = preferring(initialState(OPTIONS, null, { columns: 80, rows: 24, now: NOW }), preferences);
  expect(state).toMatchObject({
    screen: 'denied',
    isMouseOn: true,
    collapsesRetries: false,
    panes: { side: true, below: false },
    lists: { hosts: { sort: 'deny', isReversed: true }, denied: { sort: 'denied', isReversed: false } },
  });
});

it('a column that a list does not have is told with its line and column', () => {
  expect(applied('sort:\n  hosts: tots\n').problems[0]).toMatchObject({
    line: 2,
    column: 10,
    why: 'hosts cannot be sorted by tots: did you mean total?',
  });
});

it('init makes the file once and never touches it again', async () => {
  const path = fileOf(null);
  expect(await initConfig(path)).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe(templateText());
  await expect(initConfig(path)).rejects.toThrow('is there already');
});

it('check exits 1 on a mistake and 0 on a file that is valid or missing', async () => {
  expect(await checkConfig(fileOf('theme: dark\n'), { json: true })).toBe(0);
  expect(await checkConfig(fileOf('theme: [dark\n'), { json: true })).toBe(1);
  expect(await checkConfig(fileOf(null), { json: true })).toBe(0);
});

it('a folder in place of the file is told', async () => {
  const path = fileOf(null);
  expect((await readConfig(join(path, '..'))).problems[0]?.why).toMatch(/cannot be read/);
});
