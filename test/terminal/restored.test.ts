import { describe, expect, it } from 'vitest';
import { assertRestored, leftBehind } from './restored.ts';
import { openTerminal } from './terminal.ts';

const ENTER = String.raw`\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[1;31mup`;
const LEAVE = String.raw`\x1b[0m\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?25h\x1b[?1049l`;

const run = (output: string, then = '') =>
  openTerminal({ command: process.execPath, args: ['-e', `process.stdout.write('${output}'); ${then}`] });

describe('a program that ended', () => {
  it('a program that cleaned up has restored the terminal', async () => {
    await using terminal = run(ENTER + LEAVE);
    await terminal.waitForExit();
    expect(() => assertRestored(terminal)).not.toThrow();
  });

  it('a program that did not clean up fails the check, with all that it left behind', async () => {
    await using terminal = run(ENTER);
    await terminal.waitForExit();
    expect(() => assertRestored(terminal)).toThrow(
      'the program left behind: alternate screen (?1049) on, cursor (?25) off, mouse clicks (?1000) on, ' +
        'SGR mouse coordinates (?1006) on, bracketed paste (?2004) on, style 22 set, foreground set',
    );
  });

  it('a program that SIGKILL ended cannot have cleaned up', async () => {
    await using terminal = run(ENTER, 'setInterval(() => {}, 1000)');
    await terminal.waitFor('up');
    terminal.kill('SIGKILL');
    await terminal.waitForExit();
    expect(() => assertRestored(terminal)).toThrow('alternate screen (?1049) on');
  });

  it('a program is judged only after it has ended', async () => {
    await using terminal = run('', 'setInterval(() => {}, 1000)');
    expect(() => assertRestored(terminal)).toThrow('the program still runs');
  });
});

describe('left behind', () => {
  it.each([
    ['\x1b[?1049h', 'alternate screen (?1049) on'],
    ['\x1b[?25l', 'cursor (?25) off'],
    ['\x1b[?1002h\x1b[?1003l', 'mouse drags (?1002) on'],
    ['\x1b[?1003h\x1b[?1003l\x1b[?1003h', 'mouse moves (?1003) on'],
    ['\x1b[?1004h', 'focus reports (?1004) on'],
    ['\x1b[?2026h', 'synchronized output (?2026) on'],
    ['\x1b[?7l', 'private mode (?7) off'],
    ['\x1b[31m\x1b[49m', 'foreground set'],
    ['\x1b[38;2;0;0;39m', 'foreground set'],
    ['\x1b[48:5:49m', 'background set'],
    ['\x1b[0;7m', 'style 27 set'],
    ['\x1b[>1u', 'keyboard protocol on'],
  ])('the output %j leaves %j behind', (output, left) => {
    expect(leftBehind(output)).toEqual([left]);
  });

  it.each([
    ['nothing at all', 'plain'],
    ['what chalk closes one by one', '\x1b[1m\x1b[2m\x1b[38;5;4m\x1b[41mx\x1b[49m\x1b[39m\x1b[22m'],
    ['what an empty SGR ends', '\x1b[1;4;38;2;1;2;3mx\x1b[m'],
    ['modes switched together', '\x1b[?1000;1006h\x1b[?1006;1000l'],
    ['a keyboard protocol popped', '\x1b[>1u\x1b[<u'],
  ])('nothing is left behind by %s', (_, output) => {
    expect(leftBehind(output)).toEqual([]);
  });
});
