import { expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openTerminal } from '../terminal/terminal.ts';
import { allowed, denial, openDashboard, PROGRAM } from './dashboard.ts';

const BELL = /(?<!\u001b\][^\u001b\u0007]*)\u0007/g;
const ringsIn = (bytes: Buffer): number => (bytes.toString('latin1').match(BELL) ?? []).length;

it('a host that is newly denied rings the bell once; the log that was there before does not', async () => {
  await using dashboard = openDashboard();
  const { terminal } = dashboard;
  await terminal.waitFor('1 live');
  expect(ringsIn(terminal.raw())).toBe(0);
  dashboard.write(denial('new.example'), denial('new.example'), denial('huggingface.co'));
  await terminal.waitFor('276 decisions');
  expect(ringsIn(terminal.raw())).toBe(1);
});

it('the terminal stays silent with --no-bell', async () => {
  await using dashboard = openDashboard({ flags: ['--no-bell'] });
  const { terminal } = dashboard;
  await terminal.waitFor('1 live');
  dashboard.write(denial('new.example'));
  await terminal.waitFor('274 decisions');
  expect(ringsIn(terminal.raw())).toBe(0);
});

it('--notify desktop tells the name, safely, to a terminal that shows it', async () => {
  await using dashboard = openDashboard({ flags: ['--notify', 'desktop'], env: { TERM_PROGRAM: 'kitty' } });
  const { terminal } = dashboard;
  await terminal.waitFor('1 live');
  dashboard.write(denial('new\u0007.example'));
  await terminal.waitFor('274 decisions');
  expect(terminal.raw().toString('latin1')).toContain(
    '\u001b]9;egresstop: 1 newly denied host: new\\x07.example\u0007',
  );
});

it('--notify new rings for a host that its agent never asked for, marks it NEW, and forgets neither over a restart', async () => {
  await using first = openDashboard({ flags: ['--notify', 'new'], columns: 130 });
  await first.terminal.waitFor('1 live');
  first.write(allowed('never-seen.example'));
  await first.terminal.waitFor(' 1 NEW');
  first.terminal.press('s', ...Array<string>(10).fill('down'), 'enter', 'g');
  await first.terminal.waitFor(/[▌ ] never-seen\.example .* NEW /);
  expect(ringsIn(first.terminal.raw())).toBe(1);
  first.terminal.type('/new:agent');
  first.terminal.press('enter');
  await first.terminal.waitFor(
    rows =>
      !rows.join().includes('docs.rs') && rows.filter(row => /\.example .* NEW /.test(row)).length === 1,
  );
  first.terminal.press('esc');
  first.terminal.press('q');
  await first.terminal.waitForExit();
  const known = (...args: readonly string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'known', ...args], {
      encoding: 'utf8',
      env: { ...process.env, HOME: first.home, XDG_STATE_HOME: join(first.home, 'state') },
    });
  expect(known('list').stdout).toContain('research\tnever-seen.example\n');
  await using again = openTerminal({
    command: process.execPath,
    args: [PROGRAM, first.logPath],
    cwd: first.home,
    env: { HOME: first.home, XDG_STATE_HOME: join(first.home, 'state') },
    columns: 130,
    rows: 30,
  });
  await again.waitFor('274 decisions');
  expect(again.screen().join('\n')).not.toContain('NEW');
  first.write(allowed('second.example'));
  await again.waitFor(' 1 NEW');
  expect(known('forget', 'research', 'never-seen.example')).toMatchObject({
    status: 0,
    stderr: 'egresstop: forgot 1 host\n',
  });
  expect(known('list').stdout).not.toContain('never-seen.example');
  expect(known('forget', 'research', 'never-seen.example').status).toBe(1);
});
