import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { machine } from './commands/program.ts';

const ROOT = new URL('../', import.meta.url);
const README = fileURLToPath(new URL('README.md', ROOT));
const text = readFileSync(README, 'utf8');

/** The words of each command in a row of the README's table: `policy explain` for `egresstop policy explain HOST`. */
const COMMANDS = [...text.matchAll(/^\| `egresstop ((?:[a-z]+ ?)+)/gm)].map(([, words = '']) =>
  words.trim().split(' '),
);

it('the README names every verb of the program in its table', async () => {
  const { stdout } = await machine().run(['--help']);
  const lists = stdout.slice(stdout.indexOf('\nCommands for '));
  const verbs = [...lists.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb);
  expect(verbs).toContain('report');
  expect(new Set(COMMANDS.map(([verb]) => verb))).toEqual(new Set(verbs));
});

it.each(COMMANDS.map(words => words.join(' ')))(
  'the command of the README exists: egresstop %s',
  async spelled => {
    const { code, stdout } = await machine().run([...spelled.split(' '), '--help']);
    const verb = spelled.split(' ')[0] === 'policy' ? spelled : spelled.split(' ')[0];
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: egresstop ${verb} `);
  },
);

it('every picture and every file that the README leads to exists', () => {
  const targets = [...text.matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter(target => !existsSync(new URL(target, ROOT)))).toEqual([]);
});

it('the README takes at most 12 kB and keeps the two first commands', () => {
  expect(statSync(README).size).toBeLessThanOrEqual(12_000);
  expect([...text.matchAll(/```sh\n(.*)\n```/g)].map(([, command]) => command)).toEqual(
    expect.arrayContaining(['npm ci && npm start -- demo', 'npm ci && npm test']),
  );
});

it('the README names every dependency and counts all that are installed with them', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, ROOT), 'utf8'));
  const { dependencies } = read('package.json') as { readonly dependencies: object };
  const { packages } = read('package-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly dev?: true; readonly devOptional?: true }>>;
  };
  const installed = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path && !dev && !devOptional,
  );
  const direct = Object.keys(dependencies);
  const section = text.split('## Dependencies')[1] ?? '';
  const named = [...section.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(direct));
  expect(section).toContain(`${direct.length} packages are depended on, ${installed.length} with all`);
});

it('the newest heading of the changelog is the version that the program prints', async () => {
  const { stdout } = await machine().run(['--version']);
  const [newest] = /(?<=^## )\S+/m.exec(readFileSync(new URL('CHANGELOG.md', ROOT), 'utf8')) ?? [];
  expect(stdout).toBe(`${newest}\n`);
});
