import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixturePath, machine, type Machine, type Run } from './program.ts';
import { TOPICS } from '../../src/commands/help/topic-files.ts';
import { CLI, startProgram } from './start-program.ts';

/*
 * The tests of the commands run `main` in their own process (`run-here.ts`). Here the built program is started as a person starts it, once
 * for each way that a command reads, writes and ends: it has to say the same, byte for byte, leave the same file, and end by itself.
 */

const ZEPH = fixturePath('zeph-audit.jsonl');
const AASM = fixturePath('aasm-gateway-chain.jsonl');
const HOSTILE =
  '{"event":"egress_deny","host":"\\u001b[31mx","ts":"2026-11-19T08:00:00Z"}\n{"event": \x1b[2J\n';

const COMMANDS: readonly [args: string, input?: string][] = [
  ['--version'],
  ['--help'],
  ['policy --help'],
  ['completion bash'],
  ['policy nonsense'],
  ['log --nonsense'],
  [`log ${ZEPH} --since never`],
  [`log ${ZEPH} /nowhere/a.jsonl`],
  [`log --json ${ZEPH}`],
  [`log --json --decisions --filter verdict:deny ${ZEPH} ${AASM}`],
  ['log -', HOSTILE],
  ['report --json -', HOSTILE],
  [`report ${ZEPH}`],
  [`report --csv ${ZEPH}`],
  [`report --markdown ${AASM}`],
  [`report --html - ${ZEPH}`],
  [`report --verify-chain ${AASM}`],
  [`simulate --policy POLICY --against ${ZEPH}`],
  ['policy check POLICY'],
  ['policy check /nowhere/policy.yaml'],
  ['policy explain files.pypi.org --policy POLICY --check'],
  [`policy suggest --policy POLICY --against ${ZEPH}`],
  ['policy allow new.example --policy POLICY --dry-run'],
  ['policy allow new.example --policy POLICY'],
  ['policy allow 169.254.169.254 --policy POLICY'],
  ['policy log --policy POLICY --json'],
];

/** The output and the exit code, without the parts that differ from run to run: the machine's own folder, and times of today. */
function told({ folder }: Machine, { code, stdout, stderr }: Run): object {
  const same = (text: string): string =>
    text
      .replaceAll(folder, 'HERE')
      .replaceAll(new RegExp(`${new Date().toISOString().slice(0, 10)}[\\dT:.]*Z`, 'g'), 'NOW');
  return { code, stdout: same(stdout), stderr: same(stderr) };
}

const runInProcess: typeof startProgram = (here, args, input) => here.run(args, input);

it.each(COMMANDS)('%s', async (args, input = '') => {
  const ways = [];
  for (const run of [runInProcess, startProgram]) {
    const here = machine();
    const policy = here.write('policy.yaml', readFileSync(fixturePath('microagent.yaml')));
    const ended = await run(here, args.replace('POLICY', policy).split(' '), input);
    ways.push({ ...told(here, ended), policy: readFileSync(policy, 'utf8') });
  }
  expect(ways[0]).toEqual(ways[1]);
});

it('the build puts the manual page and the topics into the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-package-'));
  try {
    const root = join(CLI, '../..');
    const packed = execFileSync(
      'npm',
      ['pack', '--dry-run', '--json', '--ignore-scripts', '--cache', folder],
      {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const { man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly man: string };
    expect(man).toBe('dist/egresstop.1');
    for (const path of [man, ...TOPICS.map(name => `dist/commands/help/topics/${name}.md`)])
      expect(packed).toContain(`"${path}"`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
