import { expect, it } from 'vitest';
import { allowed, denial, openDashboard } from '../journeys/dashboard.ts';
import { scaled } from './scale.ts';

const SIZES = [
  [80, 24],
  [200, 60],
  [1, 1],
  [40, 10],
  [300, 5],
  [79, 23],
  [120, 40],
  [20, 100],
] as const;

it('a terminal resized a thousand times in a burst of events shows the right counts at the end, and nothing of the old sizes', async () => {
  await using dashboard = openDashboard({ log: '' });
  const { terminal } = dashboard;
  await terminal.waitFor('Hosts');
  const resizes = scaled(1_000, 200);
  for (let i = 0; i < resizes; i++) {
    const [columns, rows] = SIZES[(i * 5) % SIZES.length] ?? [80, 24];
    terminal.resize(columns, rows);
    dashboard.write(i % 2 === 0 ? allowed(`h${i % 50}.example`) : denial(`h${i % 50}.example`));
    if (i % 10 === 0) terminal.press(String(1 + ((i / 10) % 6)));
    if (i % 25 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  terminal.resize(100, 30);
  // A key that comes while the program still has too small a size is not answered.
  await terminal.waitFor(
    rows => (rows[0] ?? '').includes('egresstop') && rows.slice(-3).some(row => row !== ''),
  );
  terminal.press('1', 'g');
  await terminal.waitFor(new RegExp(`${(resizes / 2).toLocaleString('en')} (allow|deny)`), {
    deadlineMs: 20_000,
  });
  expect(terminal.exit()).toBeUndefined();
  // The header counts on every screen, so the total may be there before the key 1 is answered.
  await terminal.waitFor(rows => rows.filter(row => /^ *HOST .*TOTAL/.test(row)).length === 1);
  terminal.press('q');
  await terminal.waitForExit();
  expect(terminal.exit()).toEqual({ code: 0, signal: null });
});
