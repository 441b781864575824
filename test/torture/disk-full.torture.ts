import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { machine, type Machine } from '../commands/program.ts';
import { CLI, startProgram } from '../commands/start-program.ts';
import { scaled } from './scale.ts';

/** Runs the program where no file may grow beyond so many KiB, as a quota or a full disk has it: every further write is EFBIG. */
async function runLimited(kib: number, { env, path }: Machine, args: readonly string[]): Promise<string> {
  const child = spawn(
    'bash',
    ['-c', `trap '' XFSZ; ulimit -f ${kib}; exec "$@"`, 'bash', process.execPath, CLI, ...args],
    { env: { ...env, NODE_COMPILE_CACHE: '' }, cwd: path('work') },
  );
  let said = '';
  child.stdout.on('data', chunk => (said += String(chunk)));
  child.stderr.on('data', chunk => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return `${code} ${said}`;
}

/** A file system of so many KiB; null where none may be mounted. */
function smallDisk(kib: number, at: string): string | null {
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'egresstop-test', at], { stdio: 'ignore' });
  } catch {
    return null; // not root
  }
  onTestFinished(() => void execFileSync('umount', ['-l', at]));
  return at;
}

const entriesOf = (text: string): readonly string[] => (parse(text) as { allow: readonly string[] }).allow;

it('an edit that the disk has no room for leaves the policy as it was, says so, and works once there is room', async () => {
  const box = machine();
  const entries = Array.from(
    { length: 200 },
    (_, i) => `  - host-${i}.example # a comment that takes room\n`,
  );
  const text = `allow:\n${entries.join('')}`;
  const policy = box.write('policy.yaml', text);
  const said = await runLimited(4, box, ['policy', 'allow', 'new.example', '--policy', policy]);
  expect(said).toMatch(/^1 /);
  expect(said).toMatch(/EFBIG|too large|space/i);
  expect(readFileSync(policy, 'utf8')).toBe(text);
  expect(readdirSync(box.folder).filter(name => name.startsWith('policy'))).toEqual(['policy.yaml']);
  const after = await startProgram(box, ['policy', 'allow', 'new.example', '--policy', policy]);
  expect(after.code).toBe(0);
  expect(entriesOf(readFileSync(policy, 'utf8'))).toContain('new.example');
});

it('edits on a disk that runs full end with the last one that fitted, in file and journal alike', async context => {
  const box = machine();
  const disk = smallDisk(64, box.path('disk'));
  if (disk === null) return context.skip('no file system may be mounted here');
  const policy = join(disk, 'policy.yaml');
  writeFileSync(policy, 'allow:\n  - first.example\n');
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(48 * 1024));
  const fitted: string[] = ['first.example'];
  let refusals = 0;
  for (let i = 0; i < scaled(100, 16); i++) {
    if (i > 7) leaveFree(disk, i % 3);
    const entry = `${'x'.repeat(60)}.host-${i}.${'y'.repeat(60)}.${'z'.repeat(60)}.example`;
    const { code, stderr } = await startProgram(box, ['policy', 'allow', entry, '--policy', policy]);
    if (code === 0) fitted.push(entry);
    else refusals += 1;
    if (code !== 0) expect(stderr).toMatch(/ENOSPC|no space/i);
    expect(entriesOf(readFileSync(policy, 'utf8'))).toEqual(fitted);
  }
  expect(refusals).toBeGreaterThan(0);
  rmSync(join(disk, 'ballast'));
  rmSync(join(disk, 'filler'), { force: true });
  const last = await startProgram(box, ['policy', 'allow', 'last.example', '--policy', policy]);
  expect(last.code).toBe(0);
  expect(entriesOf(readFileSync(policy, 'utf8'))).toEqual([...fitted, 'last.example']);
  const log = await startProgram(box, ['policy', 'log', '--policy', policy, '--json']);
  const kept = log.stdout.split('\n').filter(line => line.includes('"type":"add"'));
  expect(kept.length).toBeGreaterThanOrEqual(fitted.length);
});

const PAGE = 4_096;

/** Takes all room but so many pages: none for the lock; for the lock, but not for the new text; for both. */
function leaveFree(disk: string, pages: number): void {
  const filler = join(disk, 'filler');
  try {
    writeFileSync(filler, Buffer.alloc(1024 * 1024));
  } catch {
    // that is what it is for
  }
  truncateSync(filler, Math.max(0, Math.floor(statSync(filler).size / PAGE) - pages) * PAGE);
}
