import { describe, expect, it, vi } from 'vitest';
import { openTerminal, type TerminalOptions } from './terminal.ts';

/** A Node program in a terminal of 40×8. */
function run(script: string, options: Partial<TerminalOptions> = {}) {
  return openTerminal({
    command: process.execPath,
    args: ['-e', script],
    columns: 40,
    rows: 8,
    ...options,
  });
}

const STAY = 'setInterval(() => {}, 1000);';
const KEYS = `process.stdin.setRawMode(true);
  process.stdin.on('data', data => process.stdout.write('<' + data.toString('hex') + '>'));
  process.stdout.write('listening ');`;

const hex = (text: string) => `<${Buffer.from(text).toString('hex')}>`;

describe('the screen', () => {
  it('the screen shows what the program drew, not what it wrote', async () => {
    await using terminal = run(
      `process.stdout.write('first\\x1b[3;5Hmoved   \\r\\nover\\x1b[4D\\x1b[Kdone'); ${STAY}`,
    );
    await terminal.waitFor('done');
    expect(terminal.screen()).toEqual(['first', '', '    moved', 'done', '', '', '', '']);
    expect(terminal.text()).not.toContain('over');
  });

  it('the screen is the alternate buffer while the program uses it, and the normal one afterwards', async () => {
    await using terminal = run(
      `process.stdout.write('shell\\x1b[?1049h\\x1b[Hboard');
       process.stdin.once('data', () => { process.stdout.write('\\x1b[?1049l'); process.exit(); })`,
    );
    await terminal.waitFor('board');
    expect(terminal.modes().alternateScreen).toBe(true);
    expect(terminal.text()).not.toContain('shell');
    terminal.press('enter');
    await terminal.waitForExit();
    expect(terminal.modes().alternateScreen).toBe(false);
    expect(terminal.screen()[0]).toBe('shell');
  });

  it('shows the newest rows when the program wrote more than fit', async () => {
    await using terminal = run(`for (let i = 1; i <= 30; i++) console.log('line ' + i); ${STAY}`);
    await terminal.waitFor('line 30');
    expect(terminal.screen()[0]).toBe('line 24');
  });

  it('the screen has the requested size, and the new one after a resize', async () => {
    await using terminal = run(
      `const say = () => console.log(process.stdout.columns + 'x' + process.stdout.rows);
       say(); process.stdout.on('resize', say); ${STAY}`,
    );
    await terminal.waitFor('40x8');
    terminal.resize(60, 12);
    await terminal.waitFor('60x12');
    expect(terminal.screen()).toHaveLength(12);
    expect(terminal.cells().map(row => row.length)).toEqual(Array.from({ length: 12 }, () => 60));
  });

  it('gives wide characters two cells, and a combining mark none', async () => {
    await using terminal = run(`process.stdout.write('日😀e\\u0301|'); ${STAY}`);
    await terminal.waitFor('|');
    const [row = []] = terminal.cells();
    expect(row.slice(0, 6).map(({ chars, width }) => [chars, width])).toEqual([
      ['日', 2],
      ['', 0],
      ['😀', 2],
      ['', 0],
      ['e\u0301', 1],
      ['|', 1],
    ]);
  });
});

describe('cells', () => {
  it('cells have their colours as RGB and their styles as flags', async () => {
    await using terminal = run(
      String.raw`process.stdout.write('\x1b[1;38;2;1;2;3;48;5;196ma\x1b[0;2;3;4;9mb\x1b[0;38;5;244mc\x1b[0md'); ${STAY}`,
    );
    await terminal.waitFor('abcd');
    const [a, b, c, d] = terminal.cells()[0] ?? [];
    expect(a).toMatchObject({ fg: '#010203', bg: '#ff0000', bold: true, dim: false });
    expect(b).toMatchObject({ bold: false, dim: true, italic: true, underline: true, strikethrough: true });
    expect(c?.fg).toBe('#808080');
    expect(d).toMatchObject({ dim: false, italic: false, underline: false, inverse: false });
  });

  it('inverse cells have foreground and background exchanged', async () => {
    await using terminal = run(String.raw`process.stdout.write('\x1b[38;2;1;1;1;48;2;2;2;2;7mx'); ${STAY}`);
    await terminal.waitFor('x');
    expect(terminal.cells()[0]?.[0]).toMatchObject({ fg: '#020202', bg: '#010101', inverse: true });
  });
});

describe('keys', () => {
  it('arrive as the bytes a terminal sends for them', async () => {
    await using terminal = run(KEYS);
    await terminal.waitFor('listening');
    for (const [key, bytes] of [
      ['enter', '\r'],
      ['up', '\x1b[A'],
      ['pagedown', '\x1b[6~'],
      ['ctrl-c', '\x03'],
      ['ctrl-z', '\x1a'],
      ['backspace', '\x7f'],
      ['alt-x', '\x1bx'],
      ['space', ' '],
      ['?', '?'],
      ['esc', '\x1b'],
    ] as const) {
      terminal.press(key);
      await terminal.waitFor(rows => rows.join('').includes(hex(bytes)));
    }
  });

  it('that are misspelt are refused, not typed', async () => {
    await using terminal = run(KEYS);
    expect(() => terminal.press('entre')).toThrow('no key is named "entre"');
  });

  it('keys that are sent together arrive in one read', async () => {
    await using terminal = run(KEYS);
    await terminal.waitFor('listening');
    terminal.type('host:example');
    await terminal.waitFor(hex('host:example'));
  });

  it('keys are refused when the program has ended', async () => {
    await using terminal = run('process.exit(3)');
    await terminal.waitForExit();
    expect(() => terminal.press('q')).toThrow('nobody reads "q": the program exited with code 3');
  });

  it('answer the questions a program asks of a terminal', async () => {
    await using terminal = run(`${KEYS} process.stdout.write('\\x1b[6n');`);
    await terminal.waitFor(hex('\x1b[1;11R'));
  });
});

describe('waiting', () => {
  it('for what never comes fails at the deadline, with the screen', async () => {
    await using terminal = run(`process.stdout.write('something else'); ${STAY}`);
    await terminal.waitFor(/something\s+else$/m);
    await expect(terminal.waitFor('the board', { deadlineMs: 20 })).rejects.toThrow(
      /^waited for "the board", but the program still runs and the screen shows\n│ something else\n/,
    );
  });

  it('fails at once when the program ends without it, with how it ended', async () => {
    await using terminal = run(`console.log('no such policy'); process.exit(2)`);
    await expect(terminal.waitFor('the board', { deadlineMs: 600_000 })).rejects.toThrow(
      /but the program exited with code 2 and the screen shows\n│ no such policy/,
    );
  });

  it('takes what a program showed last, though it has ended', async () => {
    await using terminal = run(`process.stdout.write('goodbye')`);
    await terminal.waitForExit();
    await terminal.waitFor('goodbye');
  });

  it('waiting does not mistake half a frame for the screen', async () => {
    // The program ends its frame when the terminal has told it where the cursor is, so when half of it has been seen.
    await using terminal = run(
      `process.stdin.setRawMode(true);
       process.stdin.once('data', () => process.stdout.write(' whole\\x1b[?2026l'));
       process.stdout.write('\\x1b[?2026hhalf\\x1b[6n');`,
    );
    const seen: string[] = [];
    await terminal.waitFor(rows => seen.push(rows.join('')) > 0 && rows.join('').includes('whole'));
    expect(seen).not.toContain('half');
  });

  it('names the test and not the timer in its stack', async () => {
    await using terminal = run(STAY);
    const failure = await terminal.waitFor('x', { deadlineMs: 1 }).catch((error: unknown) => error);
    expect((failure as Error).stack?.split('\n    at ')[1]).toContain('terminal.test.ts');
  });

  it('waiting fails for a program that does not end', async () => {
    await using terminal = run(STAY);
    await expect(terminal.waitForExit({ deadlineMs: 20 })).rejects.toThrow('waited for the program to end');
  });
});

describe('the program', () => {
  it('starts without the environment of the tests, but with what it is given', async () => {
    vi.stubEnv('CI', 'true');
    await using terminal = run(
      `const { CI, TERM, HOME, FORCE_COLOR, LOG } = process.env;
       console.log(JSON.stringify([CI, TERM, HOME, FORCE_COLOR, LOG])); ${STAY}`,
      { columns: 200, env: { LOG: 'given', FORCE_COLOR: undefined } },
    );
    vi.unstubAllEnvs();
    await terminal.waitFor('[null,"xterm-256color","/nonexistent",null,"given"]');
  });

  it('ends with a code, or by a signal', async () => {
    await using exits = run('process.exit(70)');
    expect(await exits.waitForExit()).toEqual({ code: 70, signal: null });
    await using killed = run(`console.log('up'); ${STAY}`);
    await killed.waitFor('up');
    killed.kill('SIGTERM');
    expect(await killed.waitForExit()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('close ends the program, even one that is stopped or ignores signals, and a second close does nothing', async () => {
    const terminal = run(`process.on('SIGHUP', () => {}); console.log('up'); ${STAY}`);
    await terminal.waitFor('up');
    terminal.kill('SIGSTOP');
    await terminal.waitForStop();
    await terminal.close();
    expect(terminal.exit()).toEqual({ code: null, signal: 'SIGKILL' });
    await terminal.close();
    expect(() => process.kill(terminal.pid, 0)).toThrow('ESRCH');
  });

  it('that is not stopped is not said to be', async () => {
    await using terminal = run(STAY);
    await expect(terminal.waitForStop({ deadlineMs: 20 })).rejects.toThrow('to be stopped');
  });

  it('runs again after a stop', async () => {
    await using terminal = run(
      `process.on('SIGCONT', () => console.log('again')); console.log('up'); ${STAY}`,
    );
    await terminal.waitFor('up');
    terminal.kill('SIGSTOP');
    await terminal.waitForStop();
    terminal.kill('SIGCONT');
    await terminal.waitFor('again');
  });
});

describe('raw output', () => {
  it('raw output is every byte, text or not', async () => {
    await using terminal = run(`process.stdout.write(Buffer.from([0x61, 0x9b, 0x33, 0xff]))`);
    await terminal.waitForExit();
    expect(terminal.raw()).toEqual(Buffer.from([0x61, 0x9b, 0x33, 0xff]));
  });

  it('that has been cut is not given out', async () => {
    await using terminal = run(`process.stdout.write('x'.repeat(101))`, { rawLimitBytes: 100 });
    await terminal.waitForExit();
    expect(() => terminal.raw()).toThrow('wrote 101 bytes, more than the 100 that are kept');
  });
});

describe('modes', () => {
  it('modes are those that the program switched', async () => {
    await using terminal = run(
      `process.stdout.write('\\x1b[?1049;25h\\x1b[?25l\\x1b[?1000h\\x1b[?1006h\\x1b[?2004hup');
       process.stdin.once('data', () => process.stdout.write('\\x1b[?1000l\\x1b[?1006;2004l\\x1b[?25hdown'));`,
    );
    await terminal.waitFor('up');
    expect(terminal.modes()).toEqual({
      alternateScreen: true,
      cursorVisible: false,
      mouse: 'vt200',
      sgrMouse: true,
      bracketedPaste: true,
      synchronizedOutput: false,
    });
    terminal.press('enter');
    await terminal.waitFor('down');
    expect(terminal.modes()).toMatchObject({ mouse: 'none', sgrMouse: false, cursorVisible: true });
  });
});
