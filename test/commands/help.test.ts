import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { KEY_GROUPS } from '../../src/app/keys/binding.ts';
import { keyTable } from '../../src/app/keys/key-bindings.ts';
import { spellKey } from '../../src/app/keys/spell-key.ts';
import { commandLine } from '../../src/commands/command-line.ts';
import { manualPage } from '../../src/commands/help/manual-page.ts';
import { plainText } from '../../src/commands/help/plain-text.ts';
import { firstSentence, readTopic, TOPICS } from '../../src/commands/help/topic-files.ts';
import { linesOf, machine } from './program.ts';
import { startProgram } from './start-program.ts';

const TOPIC_FILES = new URL('../../src/commands/help/topics/', import.meta.url);
const words = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean).sort();

it('egresstop help lists every topic with the sentence that it begins with', async () => {
  expect(readdirSync(TOPIC_FILES).sort()).toEqual(TOPICS.map(name => `${name}.md`).sort());
  const { code, stdout, stderr } = await machine().run(['help']);
  expect([code, stderr]).toEqual([0, '']);
  for (const name of TOPICS) {
    expect(firstSentence(readTopic(name))).toMatch(/^[A-Z`e].{20,140}\.$/);
    expect(linesOf(stdout).filter(line => line.startsWith(`${name} `))).toHaveLength(1);
    expect(words(stdout)).toEqual(expect.arrayContaining([...words(firstSentence(readTopic(name)))]));
  }
});

it.each(TOPICS)('the topic %s fits a terminal of 80 columns and begins with its title', async name => {
  const { code, stdout, stderr } = await machine().run(['help', name]);
  expect([code, stderr]).toEqual([0, '']);
  expect(linesOf(stdout)[0]).toBe(/^# (.*)/.exec(readTopic(name))?.[1]?.toUpperCase());
  expect(linesOf(stdout).filter(line => line.length > 80)).toEqual([]);
});

it.each(TOPICS)('the topic %s keeps every word at any width', name => {
  const whole = words(plainText(readTopic(name), 10_000));
  for (const width of [40, 60, 80, 100]) expect(words(plainText(readTopic(name), width))).toEqual(whole);
});

it('help on a verb prints its flags, behind the topic of the same name', async () => {
  const [simulate, explain, run] = await Promise.all(
    [['simulate'], ['policy', 'explain'], ['run']].map(path => machine().run(['help', ...path])),
  );
  expect(simulate?.stdout).toMatch(/^SIMULATE\n[\s\S]*\nUsage: egresstop simulate [\s\S]*--compare-to/);
  expect(explain?.stdout).toMatch(/^Usage: egresstop policy explain [\s\S]*--check/);
  expect(run?.stdout).toMatch(/^Usage: egresstop run /);
});

it('the help of every verb shows its own flags before those of a NATS server', () => {
  const helps = (command: Command): readonly string[] => [
    command.helpInformation(),
    ...command.commands.flatMap(helps),
  ];
  const withBoth = helps(commandLine(() => {}))
    .map(help => ({
      own: help.search(/^ {2}--(?!nats-)/m),
      server: help.indexOf('\nOptions for a NATS server:'),
    }))
    .filter(({ own, server }) => own > 0 && server > 0);
  expect(withBoth.length).toBeGreaterThan(10);
  expect(withBoth.filter(({ own, server }) => own > server)).toEqual([]);
});

it('the help of the program lists every verb under a heading', () => {
  const help = commandLine(() => {}).helpInformation();
  expect(help).not.toContain('\nCommands:');
  expect(help.match(/^Commands for .*:$/gm)).toEqual([
    'Commands for logs:',
    'Commands for policies:',
    'Commands for the mediator:',
    'Commands for many machines:',
    'Commands for this program:',
  ]);
});

it.each([
  [['filtrs'], 'filters'],
  [['simlate'], 'simulate'],
  [['policy', 'explan'], 'explain'],
])('an unknown topic is wrong usage and says what was meant: %j', async (path, meant) => {
  const { code, stdout, stderr } = await machine().run(['help', ...path]);
  expect([code, stdout]).toEqual([2, '']);
  expect(linesOf(stderr)).toEqual([
    `error: no topic or verb is named '${path.at(-1)}'`,
    `(Did you mean ${meant}?)`,
    '(egresstop help lists the topics)',
  ]);
});

it('an unknown topic cannot drive the terminal', async () => {
  const { code, stderr } = await machine().run(['help', '\x1b[2J']);
  expect(code).toBe(2);
  expect(stderr).toContain("'\\x1b[2J'");
});

it('the built program prints the same topics as its source', async () => {
  const { stdout } = await startProgram(machine(), ['help', 'filters']);
  expect(stdout).toBe(plainText(readTopic('filters'), 80));
});

const MARKED = /(<!-- keys -->\n)[\s\S]*(<!-- \/keys -->)/;

function tableOfKeys(): string {
  const rows = KEY_GROUPS.flatMap(group =>
    keyTable({ keys: {} })
      .filter(binding => binding.group === group)
      .map(
        ({ keys, name, help }) =>
          `| ${group} | ${keys.map(key => `\`${spellKey(key)}\``).join(' ')} | \`${name}\` | ${help.replaceAll('|', '\\|')} |`,
      ),
  );
  return ['', '| | key | action | does |', '|---|---|---|---|', ...rows, '', ''].join('\n');
}

/** `UPDATE_TOPICS=1 npm run test:only -- test/commands/help.test.ts` writes the table. */
it('the topic of keys lists the keys that the program runs', () => {
  const text = readTopic('keys');
  const wanted = text.replace(MARKED, (_, start: string, end: string) => `${start}${tableOfKeys()}${end}`);
  if (process.env['UPDATE_TOPICS'] === '1') writeFileSync(new URL('keys.md', TOPIC_FILES), wanted);
  else expect(text).toBe(wanted);
});

const page = (): string =>
  manualPage(
    commandLine(() => undefined),
    '9.8.7',
  );

it('the manual page has every topic, every verb and every flag', () => {
  const text = page();
  for (const name of TOPICS) expect(text).toContain(`\n.SH ${name.toUpperCase().replace('-', ' ')}\n`);
  for (const verb of ['report', 'policy explain', 'policy undo', 'mediator', 'ca', 'completion', 'help'])
    expect(text).toContain(`\n.SS egresstop ${verb} `);
  expect(text).toContain('.B \\-\\-compare\\-to <file>');
  expect(text).toContain('egresstop 9.8.7');
});

const hasGroff = spawnSync('groff', ['--version']).status === 0;

it.skipIf(!hasGroff)('groff formats the manual page without a warning', () => {
  const { status, stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww'], {
    input: page(),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.replaceAll(/.\x08/gu, '')).toContain('×1,800 in 3m0s'); // bold is a character struck twice
});
