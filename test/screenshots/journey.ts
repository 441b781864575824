import { fileURLToPath } from 'node:url';
import type { Film } from './film.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The story of the program on real traffic: a denial, its reason, the edit, and its proof. */
export const journey: Film = {
  name: 'journey',
  title: 'egresstop demo',
  columns: 100,
  rows: 26,
  program: home => ({ command: process.execPath, args: [PROGRAM, 'demo'], env: { TMPDIR: home } }),
  run: async (terminal, take) => {
    await terminal.waitFor('telemetry.vendor.example', { deadlineMs: 30_000 });
    take(1_500);
    terminal.type('/telemetry');
    terminal.press('enter');
    await terminal.waitFor(/▌ telemetry/);
    take(1_500);
    terminal.press('enter');
    await terminal.waitFor('policy says');
    take(2_500);
    terminal.press('a');
    await terminal.waitFor('Enter writes');
    take(3_000);
    terminal.press('enter');
    await terminal.waitFor('acknowledged');
    take(2_000);
    terminal.press('esc');
    await terminal.waitFor('confirmed by a decision on telemetry', { deadlineMs: 60_000 });
    await terminal.waitFor('✓✓');
    take(4_000);
  },
};
