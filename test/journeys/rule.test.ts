import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allowed, denial, openDashboard } from './dashboard.ts';

describe('ruling on a denied host', () => {
  it('shows the diff and the effect, writes, says saved, and undoes to the byte', async () => {
    await using dashboard = openDashboard({ log: '' });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('No decision has been read yet');
    dashboard.write(
      denial('files.mirror.example'),
      denial('cdn.mirror.example', 'builder'),
      allowed('docs.rs'),
    );
    await terminal.waitFor('3 decisions');
    dashboard.write(denial('files.mirror.example'));
    await terminal.waitFor('4 decisions  1 allow  3 deny');

    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    terminal.type('/filmir');
    await terminal.waitFor(rows => !rows.join().includes('cdn.mirror.example'));
    terminal.press('enter');
    terminal.press('enter');
    await terminal.waitFor('policy says   deny: not allowlisted');
    await terminal.waitFor('LAST EVENTS');

    terminal.press('a');
    await terminal.waitFor('files.mirror.example deny→allow');
    terminal.press('down');
    await terminal.waitFor('▌ 2) .mirror.example');
    await terminal.waitFor(
      'Covers 2 hosts seen so far: files.mirror.example deny→allow, cdn.mirror.example deny→allow',
    );
    await terminal.waitFor('let through 3 past denials. By agent: research ×2, builder ×1. By tool:');
    await terminal.waitFor('+  - .mirror.example');
    expect(dashboard.policy()).toBe(before);

    terminal.press('enter');
    await terminal.waitFor('saved: allow +.mirror.example · restart required');
    await terminal.waitFor('policy says   allow: allowlisted suffix .mirror.example');
    expect(dashboard.policy().replace('  - .mirror.example\n', '')).toBe(before);

    terminal.press('u');
    await terminal.waitFor('-  - .mirror.example');
    expect(dashboard.policy()).not.toBe(before);
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await terminal.waitFor('undone and saved: allow -.mirror.example');
    expect(dashboard.policy()).toBe(before);
    terminal.press('u');
    await terminal.waitFor('nothing to undo');
  });

  it('an edit is confirmed only by a later decision that the old policy would not have made', async () => {
    await using dashboard = openDashboard({ log: '', columns: 120 });
    const { terminal } = dashboard;
    dashboard.write(denial('api.vendor.example'));
    await terminal.waitFor(/▌.*api\.vendor\.example/);
    terminal.press('a');
    await terminal.waitFor('Enter writes');
    terminal.press('enter');
    await terminal.waitFor('policy.yaml saved');
    dashboard.write(allowed('docs.rs'), denial('api.vendor.example'));
    await terminal.waitFor('3 decisions');
    await terminal.waitFor(/policy\.yaml saved .*restart required/);
    const listed = [...dashboard.policy().matchAll(/^ {2}- +(\S+)/gm)].map(([, entry]) =>
      entry?.replace(/^["']|["']$/g, ''),
    );
    dashboard.write({ event: 'egress_listen', addr: '10.0.2.1:1', allow: listed, runtime_id: 'research' });
    await terminal.waitFor('acknowledged by research');
    dashboard.write(allowed('api.vendor.example'));
    await terminal.waitFor('confirmed by a decision on api.vendor.example');
  });

  it('tells when another program changed the file meanwhile, and loses neither edit', async () => {
    await using dashboard = openDashboard({ log: '' });
    const { terminal, policyPath } = dashboard;
    dashboard.write(denial('api.vendor.example'));
    await terminal.waitFor(/▌.*api\.vendor\.example/);
    terminal.press('a');
    await terminal.waitFor('Enter writes');
    execFileSync('sed', ['-i', 's/^  - docs.rs$/  - docs.rs\\n  - other.example/', policyPath]);
    terminal.press('enter');
    await terminal.waitFor('The file changed while you looked');
    expect(dashboard.policy()).toContain('other.example');
    expect(dashboard.policy()).not.toContain('api.vendor.example');
    await terminal.waitFor('Enter writes');
    terminal.press('enter');
    await terminal.waitFor('policy.yaml saved');
    expect(dashboard.policy()).toMatch(/other\.example[\s\S]*- api\.vendor\.example\n/);
  });

  it('writes an entry with a warning only for y, and one that is marked for all marked hosts at once', async () => {
    await using dashboard = openDashboard({ log: '' });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    dashboard.write(denial('169.254.169.254'), denial('one.example'), denial('two.example'));
    await terminal.waitFor('3 decisions');
    terminal.type('/169');
    terminal.press('enter');
    await terminal.waitFor('▌ 169.254.169.254');
    terminal.press('a');
    await terminal.waitFor('DANGER: 169.254.169.254 opens the cloud metadata service');
    terminal.press('enter');
    await terminal.waitFor('there is a warning');
    expect(dashboard.policy()).toBe(before);
    terminal.press('esc');
    terminal.press('esc');
    await terminal.waitFor('one.example');

    terminal.type('/.example');
    terminal.press('enter');
    await terminal.waitFor(rows => !rows.join().includes('169.254'));
    terminal.type('  ');
    await terminal.waitFor('2 marked');
    terminal.press('a');
    await terminal.waitFor('+  - two.example');
    terminal.press('enter');
    await terminal.waitFor('saved');
    expect(dashboard.policy()).toContain('  - one.example\n  - two.example\n');
  });

  it('refuses an edit with --readonly, and says so', async () => {
    await using dashboard = openDashboard({ flags: ['--readonly'] });
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('READ-ONLY');
    await terminal.waitFor('273 decisions');
    terminal.press('a');
    await terminal.waitFor('read-only: started with --readonly');
    expect(dashboard.policy()).toBe(before);
  });
});

describe('a policy file that another program writes', () => {
  it('shows its problem while broken, keeps the last good, and follows when it is mended', async () => {
    await using dashboard = openDashboard({ columns: 120 });
    const { terminal, policyPath } = dashboard;
    const good = dashboard.policy();
    await terminal.waitFor('10 entries');
    execFileSync('sed', ['-i', 's/^allow:/allowed:/', policyPath]);
    await terminal.waitFor('policy.yaml REJECTED, last good stays');
    terminal.press('6');
    await terminal.waitFor('field allowed not found');
    await terminal.waitFor('api.anthropic.com');
    terminal.press('1');
    await terminal.waitFor(/registry\.mods\.test +allow/);
    terminal.press('a');
    await terminal.waitFor('never edited while broken');
    execFileSync('sh', ['-c', 'cat > "$0"', policyPath], { input: good.replace('  - docs.rs\n', '') });
    await terminal.waitFor('9 entries');
    await terminal.waitFor(/docs\.rs +deny/);
  });
});
