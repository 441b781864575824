import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertRestored, leftBehind } from '../terminal/restored.ts';
import { until } from '../until.ts';
import { openDashboard } from './dashboard.ts';

/** Makes the next drawing throw: views are put together by select.ts and what it calls. */
const BREAK_THE_VIEW = `
  const { flatMap } = Array.prototype;
  const broken = { get() { if (/ at select /.test(new Error().stack)) throw new Error('a view broke'); return flatMap; } };
  process.on('SIGUSR2', () => Object.defineProperty(Array.prototype, 'flatMap', broken));
`;

describe('the terminal is given back', () => {
  it.each([
    ['q', 'q', 0],
    ['Ctrl-C', 'ctrl-c', 0],
  ])('%s gives the terminal back', async (_, key, code) => {
    await using dashboard = openDashboard();
    await dashboard.terminal.waitFor('273 decisions');
    dashboard.terminal.press('m');
    await dashboard.terminal.waitFor('mouse');
    dashboard.terminal.press(key);
    expect(await dashboard.terminal.waitForExit()).toEqual({ code, signal: null });
    assertRestored(dashboard.terminal);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const)('on %s, with the exit status a shell expects', async (signal, code) => {
    await using dashboard = openDashboard();
    await dashboard.terminal.waitFor('273 decisions');
    dashboard.terminal.press('m');
    await dashboard.terminal.waitFor('mouse');
    dashboard.terminal.kill(signal);
    expect(await dashboard.terminal.waitForExit()).toEqual({ code, signal: null });
    assertRestored(dashboard.terminal);
  });

  it('when a view throws, with the stack on stderr and exit 70', async () => {
    const preload = `data:text/javascript,${encodeURIComponent(BREAK_THE_VIEW)}`;
    await using dashboard = openDashboard({ env: { NODE_OPTIONS: `--import ${preload}` } });
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    terminal.kill('SIGUSR2');
    terminal.press('j');
    dashboard.write({ event: 'egress_allow', host: 'docs.rs' });
    expect(await terminal.waitForExit()).toEqual({ code: 70, signal: null });
    assertRestored(terminal);
    expect(terminal.text()).toContain('a view broke');
  });

  it('for the time of a suspension, and taken again afterwards', async () => {
    await using dashboard = openDashboard();
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    terminal.press('m');
    await terminal.waitFor('mouse');
    terminal.press('ctrl-z');
    await terminal.waitForStop();
    // what it wrote before it stopped may still be on its way to us
    await until(() => leftBehind(terminal.raw()).length === 0);
    terminal.kill('SIGCONT');
    await terminal.waitFor('273 decisions');
    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    expect(terminal.modes()).toMatchObject({ alternateScreen: true, sgrMouse: true });
    terminal.press('q');
    expect(await terminal.waitForExit()).toEqual({ code: 0, signal: null });
    assertRestored(terminal);
  });

  it('to the editor, which gets every key, and taken again afterwards', async () => {
    await using dashboard = openDashboard({ env: { EDITOR: 'sh ./editor.sh' } });
    const { terminal, home } = dashboard;
    writeFileSync(
      join(home, 'editor.sh'),
      'echo "editing $1"; read line; echo "  - $line" > added; sed -i "s/^  - docs.rs$/  - docs.rs\\n  - $line/" "$1"',
    );
    await terminal.waitFor('10 entries');
    terminal.press('e');
    await terminal.waitFor('editing');
    terminal.type('jq.example\r');
    await terminal.waitFor('11 entries');
    expect(dashboard.policy()).toContain('  - jq.example\n');
    terminal.press('6');
    await terminal.waitFor('jq.example');
  });
});
