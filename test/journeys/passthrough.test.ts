import { describe, expect, it } from 'vitest';
import { denial, openDashboard } from './dashboard.ts';

describe('passthrough', () => {
  it('goes on and off again, and leaves the file as it was', async () => {
    await using dashboard = openDashboard({ log: '' });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    dashboard.write(denial('docs.rs'));
    await terminal.waitFor(/▌.*docs\.rs/);
    terminal.press('p');
    await terminal.waitFor('Pass docs.rs through unopened');
    await terminal.waitFor('Enter writes');
    terminal.press('enter');
    await terminal.waitFor('saved: passthrough +docs.rs');
    await terminal.waitFor(/docs\.rs +pass/);
    expect(dashboard.policy()).toContain('  - docs.rs\n');
    terminal.press('p');
    await terminal.waitFor('out of passthrough; allow still names docs.rs');
    await terminal.waitFor('Enter writes');
    terminal.press('enter');
    await terminal.waitFor('saved: passthrough -docs.rs');
    await terminal.waitFor(/docs\.rs +allow/);
    expect(dashboard.policy()).toBe(before);
  });

  it('asks, where nothing else permits the host, whether to allow it or let it be denied', async () => {
    await using dashboard = openDashboard({ log: '' });
    const { terminal } = dashboard;
    dashboard.write(denial('pinned.vendor.example'));
    await terminal.waitFor(/pinned\.vendor\.example +pass/);
    terminal.press('p');
    await terminal.waitFor('nothing else permits pinned.vendor.example');
    await terminal.waitFor('▌ 1) allow it instead');
    await terminal.waitFor('+  - pinned.vendor.example');
    terminal.press('down');
    await terminal.waitFor('▌ 2) let it be denied');
    await terminal.waitFor(/pinned\.vendor\.example allow→deny/);
    terminal.press('enter');
    await terminal.waitFor(/pinned\.vendor\.example +deny/);
    expect(dashboard.policy()).not.toContain('pinned.vendor.example');
  });
});
