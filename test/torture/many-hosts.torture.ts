import { expect, it } from 'vitest';
import { openDashboard } from '../journeys/dashboard.ts';
import { peakMiB } from './resident.ts';

const HOSTS = 100_000;

it('a hundred thousand hosts are all counted, and keys still move the cursor', async () => {
  const record = (i: number): string =>
    `{"event":"egress_${i % 3 === 0 ? 'deny' : 'allow'}","host":"h${i}.d${i % 1_000}.example","dst":"192.0.2.1:443","ts":"2026-11-19T08:00:00Z"}\n`;
  const log = Array.from({ length: HOSTS }, (_, i) => record(i)).join('');
  await using dashboard = openDashboard({ log });
  const { terminal } = dashboard;
  await terminal.waitFor(/100,000/, { deadlineMs: 60_000 });
  for (const key of ['G', 'g', '2', '1']) terminal.press(key);
  terminal.press('/');
  terminal.type('host:h99999.*');
  terminal.press('enter');
  await terminal.waitFor('h99999.d999.example', { deadlineMs: 20_000 });
  expect(peakMiB(terminal.pid)).toBeLessThan(800);
});
