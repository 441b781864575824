import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { denial, openAgain, openDashboard, recordLines, type Dashboard } from './dashboard.ts';

/** Opens the grant dialog on the host under the cursor and types its end. */
async function grant({ terminal }: Dashboard, end: string): Promise<void> {
  terminal.press('t');
  await terminal.waitFor('for a while');
  for (let choice = 0; choice < 4; choice += 1) terminal.press('down');
  await terminal.waitFor('▌ 5) until …');
  terminal.press('enter');
  await terminal.waitFor('as 45m');
  terminal.type(end);
  terminal.press('enter');
  await terminal.waitFor('Enter writes');
  terminal.press('enter');
  await terminal.waitFor('saved: allow');
}

describe('ruling for a while', () => {
  it('writes the end as a comment and counts it down on Policy', async () => {
    await using dashboard = openDashboard({ log: recordLines(denial('api.vendor.example')) });
    const { terminal } = dashboard;
    await terminal.waitFor('1 decision');
    terminal.press('t');
    await terminal.waitFor('▌ 1) 10 minutes');
    terminal.press('down');
    await terminal.waitFor('▌ 2) 1 hour');
    terminal.press('enter');
    await terminal.waitFor('Enter writes');
    terminal.press('enter');
    await terminal.waitFor('saved: allow');
    expect(dashboard.policy()).toMatch(
      /^ {2}- api\.vendor\.example {1,2}# egresstop: until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m,
    );
    terminal.press('6');
    await terminal.waitFor(/api\.vendor\.example.*ends in (?:1 hour|59 minutes)/);
  });

  it('removes the grant when it is over', async () => {
    await using dashboard = openDashboard({ log: recordLines(denial('api.vendor.example')) });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('1 decision');
    await grant(dashboard, '3s');
    expect(dashboard.policy()).toMatch(/api\.vendor\.example +# egresstop: until/);
    await terminal.waitFor('restart required, for a grant is over');
    await terminal.waitFor(/api\.vendor\.example +deny/);
    expect(dashboard.policy()).toBe(before);
  });

  it('removes at the start what ended while nobody was there', async () => {
    const dashboard = openDashboard({ log: recordLines(denial('api.vendor.example')) });
    try {
      await dashboard.terminal.waitFor('1 decision');
      const before = dashboard.policy();
      dashboard.terminal.kill('SIGKILL');
      await dashboard.terminal.waitForExit();
      const ended = '  - left.example # egresstop: until 2026-01-01T00:00:00Z\n';
      writeFileSync(dashboard.policyPath, before.replace('allow:\n', `allow:\n${ended}`));
      await using next = openAgain(dashboard, [dashboard.logPath]);
      await next.waitFor('restart required, for a grant is over');
      expect(dashboard.policy()).toBe(before);
    } finally {
      await dashboard[Symbol.asyncDispose]();
    }
  });
});
