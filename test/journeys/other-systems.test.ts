import { describe, expect, it } from 'vitest';
import type { Terminal } from '../terminal/terminal.ts';
import { fixture, openDashboard } from './dashboard.ts';

/** Opens the page of a denied host, found by its name, and asks to allow it. */
async function askToAllow(terminal: Terminal, host: string): Promise<void> {
  terminal.press('2');
  await terminal.waitFor('DENIED UTC');
  terminal.type(`/host:${host}`);
  terminal.press('enter');
  await terminal.waitFor(`▌ ${host}`);
  terminal.press('a');
  await terminal.waitFor(`Allow ${host}`);
}

describe.each([
  {
    system: 'agent-assembly',
    log: 'aasm-proxy.jsonl',
    policy: 'aasm.yaml',
    decisions: '143 decisions',
    header: 'denials and findings only',
    host: 'huggingface.co',
    effect: 'let through 6 past denials',
    diff: '+      - huggingface.co',
    advice: /aasm\.yaml saved .* · the gateway gives no acknowledgement, the proxy is unchanged/,
  },
  {
    system: 'zeph',
    log: 'zeph-audit.jsonl',
    policy: 'zeph.toml',
    decisions: '186 decisions',
    header: 'zeph.toml 11 entries',
    host: 'big.docs.rs.example',
    effect: 'let through 1 past denial',
    diff: '+    "big.docs.rs.example",',
    advice: /zeph\.toml saved .* · restart required/,
  },
  {
    system: 'OrcaRouter',
    log: 'orcarouter-events.jsonl',
    policy: 'orcarouter.json',
    decisions: '131 decisions',
    header: 'orcarouter.json 12 entries',
    host: 'registry.mods.test',
    effect: 'let through 3 past denials',
    diff: 'registry.mods.test\\"',
    advice: /orcarouter\.json saved .* · saved locally; not in OrcaRouter until it is imported/,
  },
])('ruling on a host that $system denied', ({ log, policy, decisions, header, host, ...told }) => {
  it('shows diff and effect, writes, says what the system needs, and undoes to the byte', async () => {
    const before = fixture(policy);
    await using dashboard = openDashboard({
      columns: 160,
      rows: 40,
      log: fixture(log),
      policy: { name: policy, text: before },
    });
    const { terminal } = dashboard;
    await terminal.waitFor(decisions);
    await terminal.waitFor(header);
    await askToAllow(terminal, host);
    await terminal.waitFor(`${host} deny→allow`);
    await terminal.waitFor(told.effect);
    await terminal.waitFor(told.diff);
    expect(dashboard.policy()).toBe(before);
    terminal.press('enter');
    await terminal.waitFor(told.advice);
    await terminal.waitFor(`saved: allow +${host}`);
    expect(dashboard.policy()).not.toBe(before);
    terminal.press('u');
    await terminal.waitFor(/(?:Enter|y) writes /);
    terminal.press(terminal.text().includes('y writes') ? 'y' : 'enter');
    await terminal.waitFor(`undone and saved: allow -${host}`);
    expect(dashboard.policy()).toBe(before);
    terminal.press('6');
    await terminal.waitFor('LINE▾');
    await terminal.waitFor(rows => !rows.join().includes('judged as strict'));
  });
});

describe('the first entry of a list that closes everything else', () => {
  it.each([
    {
      policy: { name: 'zeph.toml', text: '[agent]\nname = "x"\n' },
      log: 'zeph-audit.jsonl',
      warning: 'EVERY OTHER HOST IS REFUSED',
      diff: '+allowed_domains = ["big.docs.rs.example"]',
      host: 'big.docs.rs.example',
    },
    {
      policy: {
        name: 'policy.yaml',
        text: 'apiVersion: agent-assembly/v1\nkind: Policy\nspec:\n  scope: global\n',
      },
      log: 'aasm-proxy.jsonl',
      warning: 'everything else is denied from then on',
      diff: '+      - huggingface.co',
      host: 'huggingface.co',
    },
  ])('wants y in $policy.name, and goes with what was made for it', async ({ policy, log, ...told }) => {
    await using dashboard = openDashboard({ columns: 160, rows: 40, log: fixture(log), policy });
    const { terminal } = dashboard;
    await terminal.waitFor('decisions');
    await askToAllow(terminal, told.host);
    await terminal.waitFor(told.warning);
    await terminal.waitFor(told.diff);
    terminal.press('enter');
    await terminal.waitFor('there is a warning');
    expect(dashboard.policy()).toBe(policy.text);
    terminal.press('y');
    await terminal.waitFor(`saved: allow +${told.host}`);
    expect(dashboard.policy()).toContain(told.host);
    terminal.press('u');
    await terminal.waitFor('y writes despite');
    terminal.press('y');
    await terminal.waitFor(`undone and saved: allow -${told.host}`);
    expect(dashboard.policy()).toBe(policy.text);
  });
});

it('a dashboard that judges by one of aasm’s matchers says so, and shows its rulings', async () => {
  await using dashboard = openDashboard({
    columns: 160,
    log: fixture('aasm-proxy.jsonl'),
    policy: { name: 'aasm.yaml', text: fixture('aasm.yaml') },
    flags: ['--matcher', 'exact'],
  });
  const { terminal } = dashboard;
  await terminal.waitFor('143 decisions');
  await terminal.waitFor(/raw\.githubusercontent\.com +deny/);
  terminal.press('6');
  await terminal.waitFor('judged as exact');
});
