import { describe, expect, it } from 'vitest';
import { CLIPBOARD_WRITE, unexpectedSequences } from '../terminal/expected-sequences.ts';
import { assertRestored } from '../terminal/restored.ts';
import { openTerminal } from '../terminal/terminal.ts';
import { denial, openDashboard, PROGRAM, recordLines } from './dashboard.ts';

const selected = (rows: readonly string[]): string => rows.find(row => row.startsWith('▌')) ?? '';

describe('looking', () => {
  it('goes through the screens, from a tool to its hosts and back, and lists the keys', async () => {
    await using dashboard = openDashboard();
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    for (const [key, shown] of [
      ['2', 'DENIED UTC'],
      ['4', 'AGENT'],
      ['5', 'VERDICT'],
      ['6', 'ENTRY'],
      ['tab', 'ticked'],
      ['tab', 'POLICY'],
      ['3', 'TOOL'],
    ] as const) {
      terminal.press(key);
      await terminal.waitFor(shown);
    }
    terminal.press('enter');
    await terminal.waitFor(/\/tool:/);
    await terminal.waitFor(/tool \S+ only: \d+ decisions/);
    terminal.press('enter');
    await terminal.waitFor(/TOOL +TOTAL +ALLOW/);
    await terminal.waitFor(/AGENT +TOTAL +ALLOW/);
    terminal.press('esc');
    terminal.press('esc');
    await terminal.waitFor(rows => rows.join().includes('TOOL') && !rows.join().includes('/tool:'));
    terminal.press('f1');
    await terminal.waitFor('down half a page');
    terminal.press('q');
    await terminal.waitFor('TOOL');
  });

  it('begins every row at its first column, also where something was typed before the program was up', async () => {
    await using dashboard = openDashboard();
    await using terminal = openTerminal({
      command: 'sh',
      args: ['-c', 'printf ahead; exec "$0" "$@"', process.execPath, PROGRAM, dashboard.logPath],
      env: { HOME: dashboard.home },
      columns: 80,
      rows: 24,
    });
    await terminal.waitFor(/^ egresstop  ● 1 live[\s\S]*273 decisions/);
    terminal.press('?', 'ctrl-l', 'esc', '2');
    await terminal.waitFor(/^ egresstop  ● 1 live[\s\S]*DENIED UTC/);
  });

  it('takes the mouse when asked: a click chooses, a click on it opens, the wheel moves', async () => {
    await using dashboard = openDashboard({ log: recordLines(denial('a.example'), denial('b.example')) });
    const { terminal } = dashboard;
    await terminal.waitFor('2 decisions');
    terminal.press('m');
    await terminal.waitFor('mouse');
    expect(terminal.modes()).toMatchObject({ mouse: 'vt200', sgrMouse: true });
    const row = (host: string) => terminal.screen().findIndex(text => text.includes(host)) + 1;
    terminal.type(`\u001b[<0;8;${row('b.example')}M\u001b[<0;8;${row('b.example')}m`);
    await terminal.waitFor(rows => selected(rows).includes('b.example'));
    terminal.type('\u001b[<64;8;5M');
    await terminal.waitFor(rows => selected(rows).includes('a.example'));
    terminal.type(`\u001b[<0;8;${row('a.example')}M`);
    await terminal.waitFor('LAST EVENTS');
    terminal.press('m');
    await terminal.waitFor(rows => !(rows.at(-1) ?? '').includes('mouse'));
    expect(terminal.modes().mouse).toBe('none');
  });

  it('copies by OSC 52, with what a terminal would obey spelled out', async () => {
    const host = 'evil\u001b[31m\u202e.example';
    await using dashboard = openDashboard({ log: recordLines(denial(host)) });
    const { terminal } = dashboard;
    await terminal.waitFor('▌ evil');
    terminal.press('y');
    await terminal.waitFor('OSC 52');
    const payload = /\u001b\]52;c;([^\u0007]*)\u0007/.exec(terminal.raw().toString())?.[1] ?? '';
    expect(Buffer.from(payload, 'base64').toString()).toBe('evil\\x1b[31m\\u{202e}.example');
    expect(unexpectedSequences(terminal.raw(), { allow: [CLIPBOARD_WRITE] })).toEqual([]);
  });

  it('says that 60×15 is too small and writes nothing there, and uses 200×60', async () => {
    await using dashboard = openDashboard();
    const { terminal } = dashboard;
    const before = dashboard.policy();
    await terminal.waitFor('273 decisions');
    terminal.press('p');
    await terminal.waitFor('Enter writes');
    terminal.resize(60, 15);
    await terminal.waitFor('egresstop needs 80×24');
    await terminal.waitFor('this is 60×15');
    terminal.press('enter');
    terminal.resize(61, 15);
    await terminal.waitFor('this is 61×15'); // so the key was read while it was too small
    terminal.resize(200, 60);
    await terminal.waitFor('Enter writes');
    expect(dashboard.policy()).toBe(before);
    terminal.press('esc');
    await terminal.waitFor('newest records'); // below the list
    await terminal.waitFor('policy says'); // beside it
    terminal.press('|');
    await terminal.waitFor(/POLICY.*WOULD.*PEND.*STATUS.*TLS.*AGENT.*TOOL/);
    await terminal.waitFor(rows => rows.filter(row => /\s(?:allow|deny|pass|error)\s/.test(row)).length > 20);
    terminal.resize(60, 15);
    await terminal.waitFor('egresstop needs 80×24');
    terminal.press('q');
    expect(await terminal.waitForExit()).toEqual({ code: 0, signal: null });
    assertRestored(terminal);
  });

  it('the screen is whole again after a quick series of resizes', async () => {
    await using dashboard = openDashboard();
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    terminal.resize(1, 1);
    terminal.resize(100, 30);
    await terminal.waitFor(() => terminal.raw().includes('\u001b[H\u001b[2J'));
    await terminal.waitFor(
      rows => (rows[0] ?? '').includes('egresstop') && (rows[29] ?? '').includes('q quit'),
    );
  });

  it.each([
    ['--no-color', { flags: ['--no-color'] }],
    ['NO_COLOR', { env: { NO_COLOR: '1' } }],
  ])('the dashboard writes no colour with %s', async (_, options) => {
    await using dashboard = openDashboard(options);
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    terminal.press('enter');
    await terminal.waitFor('LAST EVENTS');
    expect(terminal.raw().toString()).not.toMatch(
      /\u001b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/,
    );
  });
});
