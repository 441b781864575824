import { expect, it } from 'vitest';
import { openTerminal } from '../terminal/terminal.ts';
import { fixturePath } from '../commands/program.ts';
import { openDashboard, PROGRAM } from './dashboard.ts';

const ESC = '\u001b';

it('answers and key releases of the terminal change nothing on the screen', async () => {
  await using dashboard = openDashboard();
  const { terminal } = dashboard;
  await terminal.waitFor('273 decisions  206 allow'); // all is read
  await terminal.waitFor('10 entries');
  await terminal.waitFor('▌ registry.mods.test          allow');
  const before = terminal.screen().slice(1);
  const reports = [
    `${ESC}]11;rgb:eeee/eeee/eeee\u0007`,
    `${ESC}]10;rgb:cccc/cccc/cccc${ESC}\\`,
    `${ESC}P1$r0m${ESC}\\`,
    `${ESC}_Gi=1;OK${ESC}\\`,
    `${ESC}[?64;1;2c`,
    `${ESC}[113;1:3u`,
    `${ESC}[200~adxq${ESC}[201~`,
    `${ESC}[I`,
    `${ESC}[12;40R`,
  ].join('');
  terminal.type(reports);
  terminal.press('?');
  await terminal.waitFor('down half a page');
  terminal.press('esc');
  await terminal.waitFor(rows => rows.slice(1).join('\n') === before.join('\n'));
});

it('pasted text is typed into a prompt as one line', async () => {
  await using dashboard = openDashboard();
  const { terminal } = dashboard;
  await terminal.waitFor('273 decisions');
  terminal.press('/');
  terminal.type(`${ESC}[200~host:*.github.com\nverdict:deny${ESC}[201~`);
  await terminal.waitFor('host:*.github.com verdict:deny');
});

it.each(['dumb', 'unknown'])(
  'on TERM=%j the records are printed as lines, without an escape sequence',
  async term => {
    await using terminal = openTerminal({
      command: process.execPath,
      args: [PROGRAM, fixturePath('zeph-audit.jsonl')],
      env: { TERM: term },
    });
    await terminal.waitFor(/records are printed as by log -f/);
    await terminal.waitFor('egress_');
    expect(terminal.raw().includes(ESC)).toBe(false);
  },
);
