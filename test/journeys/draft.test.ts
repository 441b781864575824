import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowed, denial, openDashboard } from './dashboard.ts';

describe('a draft of the policy', () => {
  it('shows under live traffic what it would change, and is saved as one diff', async () => {
    await using dashboard = openDashboard({ log: '', columns: 120 });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('No decision has been read yet');
    dashboard.write(denial('files.mirror.example'), denial('cdn.mirror.example'), allowed('docs.rs'));
    await terminal.waitFor('3 decisions');
    terminal.type('d');
    await terminal.waitFor('0 edits, not saved · changes nothing');

    terminal.type('/filmir');
    await terminal.waitFor(rows => !rows.some(row => /^..cdn\.mirror\.example/.test(row)));
    terminal.press('enter');
    terminal.press('a');
    terminal.press('down');
    await terminal.waitFor('+  - .mirror.example');
    await terminal.waitFor('Enter puts this into the draft');
    terminal.press('enter');
    await terminal.waitFor('draft: add .mirror.example to allow · w saves the draft, d drops it');
    await terminal.waitFor('1 edit, not saved · would newly allow 2 hosts (2 denials)');
    terminal.press('esc');
    dashboard.write(denial('cdn.mirror.example'));
    await terminal.waitFor('newly allow 2 hosts (3 denials)');
    await terminal.waitFor(/cdn\.mirror\.example +deny +→allow/);

    terminal.type('6');
    terminal.type('/docs');
    await terminal.waitFor(/▌.*docs\.rs/);
    terminal.press('enter');
    terminal.press('x');
    await terminal.waitFor('Enter puts this into the draft');
    terminal.press('enter');
    await terminal.waitFor(
      '2 edits, not saved · would newly allow 2 hosts (3 denials), newly deny 1 (1 decision)',
    );
    await terminal.waitFor(/-allow +docs\.rs .*draft: taken away/);
    expect(dashboard.policy()).toBe(before);

    terminal.type('w');
    await terminal.waitFor('Save the draft: 2 edits as one');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('saved: ');
    await terminal.waitFor(rows => !rows.join().includes('not saved'));
    expect(dashboard.policy()).toContain('  - .mirror.example\n');
    expect(dashboard.policy()).not.toMatch(/^ {2}- docs\.rs/m);
    terminal.type('u');
    await terminal.waitFor('Undo the newest edit');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('undone and saved');
    expect(dashboard.policy()).toBe(before);
  });

  it('follows a file that changes under it, and is dropped without a trace', async () => {
    await using dashboard = openDashboard({ log: '', columns: 120 });
    const { terminal, policyPath } = dashboard;
    dashboard.write(denial('api.vendor.example'));
    await terminal.waitFor(/▌.*api\.vendor\.example/); // the totals may be shown before the row
    terminal.type('d');
    await terminal.waitFor('0 edits, not saved · changes nothing');
    terminal.type('a');
    await terminal.waitFor('Enter puts this into the draft');
    terminal.press('enter');
    await terminal.waitFor('1 edit, not saved · would newly allow 1 host');
    appendFileSync(policyPath, '# by hand\n');
    const byHand = dashboard.policy();
    await terminal.waitFor('the file changed: the draft was applied again');
    terminal.type('q');
    await terminal.waitFor('Leave the program? A draft is open.');
    terminal.press('esc');
    terminal.type('d');
    await terminal.waitFor('Drop the draft?');
    terminal.press('enter');
    await terminal.waitFor('Enter does nothing here');
    terminal.type('y');
    await terminal.waitFor('the draft was dropped');
    expect(dashboard.policy()).toBe(byHand);
  });
});
