import { expect, it } from 'vitest';
import { fixture, openDashboard } from './dashboard.ts';

it('learn from a log: tick, see one diff, write it once, and the file holds just what was shown', async () => {
  await using dashboard = openDashboard({ columns: 120, rows: 40 });
  const { terminal } = dashboard;
  await terminal.waitFor('273 decisions');
  terminal.type('S');
  await terminal.waitFor('13 of 34 ticked');
  terminal.type('/wikipedia');
  terminal.press('enter');
  await terminal.waitFor('▌ [x]  +de.wikipedia.org');
  terminal.press('space');
  await terminal.waitFor('12 of 34 ticked');
  terminal.press('esc');
  await terminal.waitFor('+.site.example');
  terminal.type('a');
  await terminal.waitFor('Enter writes this');
  await terminal.waitFor('+  - .site.example');
  terminal.press('enter');
  await terminal.waitFor('saved');
  const before = fixture('microagent.yaml').split('\n');
  const added = dashboard
    .policy()
    .split('\n')
    .filter(line => !before.includes(line));
  expect(added).toHaveLength(12);
  expect(added).toContain('  - .site.example');
  expect(added).not.toContain('  - de.wikipedia.org');
  await terminal.waitFor('0 of 22 ticked');
  terminal.type('u');
  await terminal.waitFor('Enter writes this');
  terminal.press('enter');
  await terminal.waitFor('12 of 34 ticked');
});
