import { expect, it } from 'vitest';
import { denial, openDashboard } from './dashboard.ts';

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

it('--no-bell is silent', async () => {
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
