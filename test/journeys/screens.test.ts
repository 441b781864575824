import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLIPBOARD_WRITE, unexpectedSequences } from '../terminal/expected-sequences.ts';
import { openTerminal } from '../terminal/terminal.ts';
import { allowed, denial, openDashboard, PROGRAM, type Dashboard } from './dashboard.ts';

const lines = (...records: readonly object[]): string =>
  records.map(record => `${JSON.stringify({ ts: new Date().toISOString(), ...record })}\n`).join('');
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

  it('freezes while lines arrive, and counts them all when it follows again', async () => {
    await using dashboard = openDashboard({ log: lines(denial('a.example')) });
    const { terminal } = dashboard;
    await terminal.waitFor('1 decision');
    terminal.press('F');
    await terminal.waitFor('FROZEN +0');
    dashboard.write(allowed('b.example'), allowed('c.example'), denial('a.example'));
    await terminal.waitFor(/FROZEN \+3 .*1 decision/);
    expect(terminal.text()).not.toContain('b.example');
    terminal.press('F');
    await terminal.waitFor('4 decisions  2 allow  2 deny');
    await terminal.waitFor('b.example');
  });

  it('sorts by the column that is chosen, and the other way round', async () => {
    await using dashboard = openDashboard({
      log: lines(allowed('b.example'), allowed('b.example'), denial('a.example')),
    });
    const { terminal } = dashboard;
    await terminal.waitFor('TOTAL▾');
    const order = (rows: readonly string[]): string =>
      rows.flatMap(row => /\b([ab])\.example/.exec(row)?.[1] ?? []).join('');
    await terminal.waitFor(rows => order(rows) === 'ba');
    terminal.press('s', 'down');
    await terminal.waitFor('▌ deny');
    terminal.press('enter');
    await terminal.waitFor(rows => order(rows) === 'ab' && rows.join().includes('DENY▾'));
    terminal.press('r');
    await terminal.waitFor(rows => order(rows) === 'ba' && rows.join().includes('DENY▴'));
  });

  it('completes the filter with Tab, shows what is wrong with it, and survives a colon', async () => {
    await using dashboard = openDashboard({ log: lines(denial('files.pypi.org'), allowed('docs.rs')) });
    const { terminal } = dashboard;
    await terminal.waitFor('2 decisions');
    terminal.type('/ho');
    await terminal.waitFor('▌ host:');
    terminal.press('tab');
    terminal.type('fi');
    await terminal.waitFor('▌ host:files.pypi.org');
    terminal.press('tab');
    await terminal.waitFor(rows => !rows.join().includes('docs.rs'));
    terminal.type('status:no');
    await terminal.waitFor('status: wants a number');
    terminal.press('enter');
    await terminal.waitFor(/mistake in \/host:files\.pypi\.org/);
    terminal.press('esc');
    await terminal.waitFor('docs.rs');
    terminal.type('/http:');
    await terminal.waitFor('/http:');
    terminal.press('tab', 'backspace');
    await terminal.waitFor(/\/http\b[^:]/);
  });

  it('takes the mouse when asked: a click chooses, a click on it opens, the wheel moves', async () => {
    await using dashboard = openDashboard({ log: lines(denial('a.example'), denial('b.example')) });
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
    await using dashboard = openDashboard({ log: lines(denial(host)) });
    const { terminal } = dashboard;
    await terminal.waitFor('▌ evil');
    terminal.press('y');
    await terminal.waitFor('OSC 52');
    const payload = /\u001b\]52;c;([^\u0007]*)\u0007/.exec(terminal.raw().toString())?.[1] ?? '';
    expect(Buffer.from(payload, 'base64').toString()).toBe('evil\\x1b[31m\\u{202e}.example');
    expect(unexpectedSequences(terminal.raw(), { allow: [CLIPBOARD_WRITE] })).toEqual([]);
  });

  it('runs a command from the palette', async () => {
    await using dashboard = openDashboard();
    const { terminal } = dashboard;
    await terminal.waitFor('273 decisions');
    terminal.type(':problems');
    await terminal.waitFor('▌ problems: what could not be read');
    terminal.press('enter');
    await terminal.waitFor(/LINES \(/);
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
    expect(terminal.screen().filter(row => /\s(?:allow|deny|pass|error)\s/.test(row)).length).toBeGreaterThan(
      20,
    );
    terminal.resize(60, 15);
    await terminal.waitFor('egresstop needs 80×24');
    terminal.press('q');
    expect(await terminal.waitForExit()).toEqual({ code: 0, signal: null });
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
  ])('writes no colour with %s', async (_, options) => {
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

/** Opens the grant dialog on the host under the cursor and types its end. */
async function grant({ terminal }: Dashboard, end: string): Promise<void> {
  terminal.press('t');
  await terminal.waitFor('for a while');
  for (let choice = 0; choice < 4; choice += 1) terminal.press('down');
  await terminal.waitFor('▌ until …');
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
    await using dashboard = openDashboard({ log: lines(denial('api.vendor.example')) });
    const { terminal } = dashboard;
    await terminal.waitFor('1 decision');
    terminal.press('t');
    await terminal.waitFor('▌ 10 minutes');
    terminal.press('down');
    await terminal.waitFor('▌ 1 hour');
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
    await using dashboard = openDashboard({ log: lines(denial('api.vendor.example')) });
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
    const dashboard = openDashboard({ log: lines(denial('api.vendor.example')) });
    try {
      await dashboard.terminal.waitFor('1 decision');
      const before = dashboard.policy();
      dashboard.terminal.kill('SIGKILL');
      await dashboard.terminal.waitForExit();
      const ended = '  - left.example # egresstop: until 2026-01-01T00:00:00Z\n';
      writeFileSync(dashboard.policyPath, before.replace('allow:\n', `allow:\n${ended}`));
      await using next = again(dashboard, [dashboard.logPath]);
      await next.waitFor('restart required, for a grant is over');
      expect(dashboard.policy()).toBe(before);
    } finally {
      await dashboard[Symbol.asyncDispose]();
    }
  });

  it('puts a denied host aside until it is denied again', async () => {
    await using dashboard = openDashboard({ log: lines(denial('a.example'), denial('b.example')) });
    const { terminal } = dashboard;
    await terminal.waitFor('2 decisions');
    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    terminal.type('/a.ex');
    terminal.press('enter');
    await terminal.waitFor(rows => !rows.join().includes('b.example'));
    terminal.press('x');
    await terminal.waitFor('put aside until denied again');
    terminal.press('esc');
    await terminal.waitFor(rows => rows.join().includes('b.example') && !rows.join().includes('a.example'));
    dashboard.write(denial('a.example'));
    await terminal.waitFor('a.example');
  });
});

/** The program once more in the same home. */
function again(dashboard: Dashboard, args: readonly string[]) {
  return openTerminal({
    command: process.execPath,
    args: [PROGRAM, ...args, '--policy', dashboard.policyPath],
    cwd: dashboard.home,
    env: { HOME: dashboard.home, XDG_STATE_HOME: join(dashboard.home, 'state') },
    columns: 100,
    rows: 30,
  });
}

describe('sources', () => {
  it('a source may be a log that does not exist yet, or one that is rotated meanwhile', async () => {
    await using dashboard = openDashboard({ log: '' });
    const late = join(dashboard.home, 'late.jsonl');
    await using terminal = again(dashboard, [late]);
    await terminal.waitFor('1 waiting');
    await terminal.waitFor('late.jsonl');
    writeFileSync(late, lines(denial('one.example')));
    await terminal.waitFor('1 decision');
    await terminal.waitFor('1 live');
    renameSync(late, `${late}.1`);
    appendFileSync(`${late}.1`, lines(denial('two.example')));
    writeFileSync(late, lines(denial('three.example')));
    await terminal.waitFor('3 decisions');
    await terminal.waitFor('three.example');
  });

  it('a source may be standard input, while keys still come from the terminal', async () => {
    await using dashboard = openDashboard({ log: '' });
    await using terminal = openTerminal({
      command: '/bin/sh',
      args: ['-c', 'tail -n +1 -f "$2" | "$0" "$1" -', process.execPath, PROGRAM, dashboard.logPath],
      cwd: dashboard.home,
      env: { HOME: dashboard.home, XDG_STATE_HOME: join(dashboard.home, 'state') },
      columns: 100,
      rows: 30,
    });
    dashboard.write(denial('piped.example'));
    await terminal.waitFor('piped.example');
    terminal.press('2');
    await terminal.waitFor('DENIED UTC');
    terminal.press('enter');
    await terminal.waitFor('LAST EVENTS');
  });

  it('a source may be a unix socket that streams records, appears late and goes away', async () => {
    await using dashboard = openDashboard({ log: '' });
    const path = join(dashboard.home, 'audit.sock');
    await using terminal = again(dashboard, [`unix:${path}`]);
    await terminal.waitFor(/1 (?:waiting|gone|failed)/);
    const clients: Socket[] = [];
    const server = createServer(client => {
      clients.push(client);
      client.on('error', () => undefined);
      client.write(lines(denial('socket.example')));
    });
    server.listen(path);
    try {
      await terminal.waitFor('socket.example');
      await terminal.waitFor('1 live');
      for (const client of clients) client.destroy();
      server.close();
      await terminal.waitFor(/1 (?:waiting|gone|failed)/);
      expect(terminal.text()).toContain('socket.example');
    } finally {
      server.close();
    }
  });
});
