import type { Scene } from './shoot.ts';

const PALETTE = String.raw`
  const out = [];
  const sgr = (codes, text) => '\x1b[' + codes + 'm' + text + '\x1b[0m';
  out.push('\x1b[?1049h\x1b[?25l\x1b[H');
  out.push(sgr('38;2;95;175;255', '╭' + '─'.repeat(34) + '╮') + ' ┌──┬──┐ ┏━━┳━━┓\r\n');
  for (const [verdict, colour, host] of [['ALLOW', '32', 'api.example.com'], ['DENY ', '31', 'evil.example.net'], ['PASS ', '33', 'cdn.example.org']]) {
    out.push(sgr('38;2;95;175;255', '│') + ' ' + sgr('1;' + colour, verdict) + '  ' + host.padEnd(18) + sgr('2', '12,400 ×') + sgr('38;2;95;175;255', '│'));
    out.push({ ALLOW: ' ├──┼──┤ ┣━━╋━━┫', 'DENY ': ' │░▒▓│▏▌│ ▀▄█ ┃', 'PASS ': ' └──┴──┘ ┗━━┻━━┛' }[verdict] + '\r\n');
  }
  out.push(sgr('38;2;95;175;255', '╰' + '─'.repeat(34) + '╯') + '\r\n');
  out.push(sgr('36', '▁▂▃▄▅▆▇█▇▆▅▄▃▂▁') + ' ' + sgr('7', ' selected row ') + ' ' + sgr('48;5;24;97', ' on blue ') + '\r\n');
  out.push(sgr('1', 'bold') + ' ' + sgr('2', 'dim') + ' ' + sgr('3', 'italic') + ' ' + sgr('4', 'under line') + ' ' + sgr('9', 'struck') + ' ✖ ↷ ● → … · ✓ ▲ ▼\r\n');
  for (let i = 0; i < 16; i++) out.push(sgr('48;5;' + i, '   '));
  process.stdout.write(out.join('') + '\r\nready');
  setInterval(() => {}, 1000);
`;

/** Every picture of the README, in its order there. */
export const scenes: readonly Scene[] = [
  {
    name: 'palette',
    title: 'palette',
    columns: 60,
    rows: 10,
    program: () => ({ command: process.execPath, args: ['-e', PALETTE] }),
    run: terminal => terminal.waitFor('ready'),
  },
];
