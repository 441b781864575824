import { expect, it } from 'vitest';
import { openDashboard } from './dashboard.ts';

const ASKED = '\u001b]11;?\u001b\\';
const LIGHT = '\u001b]11;rgb:fdfd/f6f6/e3e3\u001b\\';
/** Blue, which the light theme alone has. */
const OF_LIGHT = '\u001b[34m';
const env = { COLORFGBG: undefined };

it('a terminal that says that it is light gets the light theme, and keeps what is typed meanwhile', async () => {
  await using dashboard = openDashboard({ env });
  const { terminal } = dashboard;
  await terminal.waitFor(() => terminal.raw().includes(ASKED));
  expect(terminal.raw().includes(OF_LIGHT)).toBe(false);
  terminal.type(`/ab${LIGHT}cd`);
  await terminal.waitFor(/\/ ?abcd/);
  await terminal.waitFor(() => terminal.raw().includes(OF_LIGHT));
  terminal.press('esc', '?'); // Ink draws this one
  await terminal.waitFor('down half a page');
  expect(terminal.raw().includes('rgb:')).toBe(false);
});

it('the terminal is not asked where a theme is chosen', async () => {
  await using dashboard = openDashboard({ env, flags: ['--theme', 'dark'] });
  const { terminal } = dashboard;
  await terminal.waitFor('273 decisions');
  terminal.press('?');
  await terminal.waitFor('down half a page');
  expect(terminal.raw().includes('\u001b]11')).toBe(false);
});

it('who leaves at once waits for the answer, and the shell does not get it', async () => {
  await using dashboard = openDashboard({ env });
  const { terminal } = dashboard;
  await terminal.waitFor(() => terminal.raw().includes(ASKED));
  const askedAt = performance.now();
  terminal.press('q');
  await terminal.waitForExit();
  expect(performance.now() - askedAt).toBeGreaterThan(300);
});
