import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { denial, openDashboard } from './dashboard.ts';

describe('the journal', () => {
  it('shows who changed what, and takes back an older edit without those made since', async () => {
    await using dashboard = openDashboard({ log: '', columns: 120 });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('No decision has been read yet');
    for (const host of ['first.example', 'second.example']) {
      dashboard.write(denial(host));
      terminal.type('/');
      terminal.type(host);
      await terminal.waitFor(new RegExp(`▌.*${host}`));
      terminal.press('enter');
      terminal.type('a');
      await terminal.waitFor('Enter writes this');
      terminal.press('enter');
      await terminal.waitFor(`saved: allow +${host}`);
      terminal.press('esc');
    }
    const between = dashboard.policy().replace(/^.*first\.example\n/m, '');
    terminal.type('J');
    await terminal.waitFor('JOURNAL of');
    await terminal.waitFor(/allow \+first\.example {2}by /);
    terminal.press('end');
    await terminal.waitFor(/▌.*first\.example/);
    terminal.press('enter');
    await terminal.waitFor('no mediator has acknowledged it');
    await terminal.waitFor('+  - first.example');
    terminal.type('u');
    await terminal.waitFor('Undo the edit of');
    await terminal.waitFor('-  - first.example');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('undone and saved: allow -first.example');
    await terminal.waitFor('undone by a later record');
    expect(dashboard.policy()).toBe(between);
    terminal.type('u');
    await terminal.waitFor('already undone by a later record');
    terminal.press('esc');
    await terminal.waitFor(/undo: allow -first\.example/);

    terminal.press('esc');
    terminal.type('u');
    await terminal.waitFor('takes back: allow +second.example of ');
    await terminal.waitFor('-  - second.example');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('undone and saved: allow -second.example');
    expect(dashboard.policy()).toBe(before);
  });

  it('says when nothing of an edit is left to take back', async () => {
    await using dashboard = openDashboard({ log: '', columns: 120 });
    const { terminal, policyPath } = dashboard;
    dashboard.write(denial('first.example'));
    await terminal.waitFor(/▌.*first\.example/);
    terminal.type('a');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('saved: allow +first.example');
    writeFileSync(policyPath, dashboard.policy().replace(/^.*first\.example\n/m, ''));
    terminal.type('J');
    await terminal.waitFor(/allow \+first\.example {2}by /);
    terminal.press('end');
    terminal.type('u');
    await terminal.waitFor('nothing of its effect is left: its entries were changed since');
    terminal.press('esc');
    await terminal.waitFor('JOURNAL of');
  });
});
