import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemsFor } from '../../src/reading/selection.ts';
import { resolveSources } from '../../src/reading/resolve-sources.ts';
import { listFiles } from '../../src/sources/named/expand.ts';
import { fixturePath, machine, type Machine } from '../commands/program.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const LOGS = readdirSync(FIXTURES).filter(name => /\.(?:jsonl|log)$/.test(name));
const SNAPSHOT = {
  blocked_hosts: [
    {
      host: 'evil.example',
      vm_name: 'box',
      since: '2026-11-19T08:00:00Z',
      count_since: 3,
      rule: 'user-denied',
    },
  ],
  allowed_hosts: [
    { host: 'a.example:80', vm_name: 'box', since: '2026-11-19T08:00:00Z', count_since: 1, rule: '' },
  ],
};

interface Counted {
  readonly events: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly malformed: number;
  readonly unrecognised: number;
}

async function counted(here: Machine, source: string): Promise<Counted> {
  const { stdout } = await here.run(['report', source, '--json']);
  return JSON.parse(stdout) as Counted; // as `report --json` prints it
}

const sum = (all: readonly Counted[]): Counted => ({
  events: all.reduce((total, { events }) => total + events, 0),
  verdicts: Object.fromEntries(
    ['allow', 'deny', 'would-deny', 'pending', 'error'].map(verdict => [
      verdict,
      all.reduce((total, { verdicts }) => total + (verdicts[verdict] ?? 0), 0),
    ]),
  ),
  malformed: all.reduce((total, { malformed }) => total + malformed, 0),
  unrecognised: all.reduce((total, { unrecognised }) => total + unrecognised, 0),
});

it('a folder with the logs of all systems counts what its files count one by one, and no policy beside them', async () => {
  const here = machine();
  mkdirSync(here.path('logs'));
  for (const name of LOGS) copyFileSync(fixturePath(name), here.path(`logs/${name}`));
  const snapshot = here.write('logs/sbx.json', JSON.stringify(SNAPSHOT));
  const single: Counted[] = [];
  for (const name of LOGS) single.push(await counted(here, here.path(`logs/${name}`)));
  single.push(await counted(here, snapshot));
  for (const policy of ['microagent.json', 'orcarouter.json', 'claude-code.json', 'sandbox-runtime.json'])
    copyFileSync(fixturePath(policy), here.path(`logs/${policy}`));
  const { events, verdicts, malformed, unrecognised } = await counted(here, here.path('logs'));
  expect({ events, verdicts, malformed, unrecognised }).toEqual(sum(single));
  expect(single.at(-1)).toMatchObject({ events: 4, verdicts: { allow: 1, deny: 3 } });
});

it('a JSON file of a folder joins when records have been written into it', async () => {
  const here = machine();
  const places = { home: null, cwd: here.folder, tmp: here.folder, env: {}, stateDir: null };
  here.write('logs/a.jsonl', '');
  const log = here.write('logs/sbx.json', '{}');
  const { specs } = await resolveSources([here.path('logs')], places, systemsFor({}));
  expect((await listFiles(specs)).files).not.toContain(log);
  here.write('logs/sbx.json', JSON.stringify(SNAPSHOT));
  expect((await listFiles(specs)).files).toContain(log);
});
