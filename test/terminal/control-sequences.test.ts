import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlSequences, escaped, printedText } from './control-sequences.ts';

describe('controls', () => {
  it.each([
    ['SGR', '\x1b[1;38;2;1;2;3m', 'csi'],
    ['SGR with colons', '\x1b[38:2::1:2:3m', 'csi'],
    ['a private mode', '\x1b[?1049h', 'csi'],
    ['a soft reset, with an intermediate', '\x1b[!p', 'csi'],
    ['CSI as C1', '\x9b2J', 'csi'],
    ['a title ended by BEL', '\x1b]0;pwned\x07', 'osc'],
    ['a title ended by ST', '\x1b]0;pwned\x1b\\', 'osc'],
    ['a title all in C1', '\x9d0;pwned\x9c', 'osc'],
    ['a device control string', '\x1bP$qm\x1b\\', 'string'],
    ["tmux's passthrough", '\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\', 'string'],
    ['a privacy message', '\x1b^x\x1b\\', 'string'],
    ['save cursor', '\x1b7', 'escape'],
    ['a full reset', '\x1bc', 'escape'],
    ['a character set', '\x1b(0', 'escape'],
    ['a bell', '\x07', 'control'],
    ['next line as C1', '\x85', 'control'],
    ['delete', '\x7f', 'control'],
    ['a bidi override', '\u202e', 'invisible'],
    ['a zero-width space', '\u200b', 'invisible'],
    ['a byte order mark', '\ufeff', 'invisible'],
    ['a tag character', '\u{e0041}', 'invisible'],
    ['a Hangul filler', '\u3164', 'invisible'],
    ['a lone escape', '\x1b', 'broken'],
    ['an unfinished CSI', '\x1b[', 'broken'],
  ])('%s is found whole between text', (_, text, type) => {
    const found = controlSequences(`before ${text}\nafter`);
    expect(found.map(({ type, text }) => ({ type, text }))).toEqual([{ type, text }]);
    expect(printedText(`before ${text}\nafter`)).toBe('before \nafter');
  });

  it('line ends, tabs, backspaces and printed text are no control sequences', () => {
    expect(controlSequences('a\r\n\tb\bc é 日 😀 ❤️ ─▁')).toEqual([]);
  });

  it('tell a CSI by its parts', () => {
    expect(controlSequences('\x1b[?25;7l')[0]).toMatchObject({
      prefix: '?',
      parameters: '25;7',
      final: 'l',
    });
  });

  it('a control sequence is broken when another one cuts it short', () => {
    const found = controlSequences('\x1b]0;pw\x1b[5;1Hned\x07');
    expect(found.map(({ type }) => type)).toEqual(['broken', 'csi', 'control']);
  });

  it('control sequences are found in bytes, with a C1 control as UTF-8 and as the bare byte', () => {
    const bytes = Buffer.concat([
      Buffer.from('é\x9b2J日'),
      Buffer.from([0x9b, 0x32, 0x4a, 0xf0, 0x9f]),
      Buffer.from('\ufffd'),
    ]);
    expect(controlSequences(bytes).map(({ text }) => text)).toEqual(['\x9b2J', '\x9b2J', '\x9f']);
    expect(printedText(bytes)).toBe('é日\u00f0\ufffd');
  });

  it('control sequences and printed text add up to the output', () => {
    const pieces = fc.constantFrom('\x1b', '[', ']', '2', ';', 'J', 'm', '\x07', '\x1b\\', '\x9b', 'é', ' ');
    fc.assert(
      fc.property(fc.array(pieces), parts => {
        const output = parts.join('');
        const lengths = controlSequences(output).map(({ text }) => text.length);
        const controls = lengths.reduce((sum, length) => sum + length, 0);
        expect(controls + printedText(output).length).toBe(output.length);
        expect(printedText(output)).not.toMatch(/[\x1b\x07\x9b]/);
        expect(controlSequences(Buffer.from(output))).toEqual(controlSequences(output));
      }),
    );
  });
});

it('escaped text is printable ASCII', () => {
  expect(escaped('\x1b[m é\u{e0041}')).toBe('\\u{1b}[m \\u{e9}\\u{e0041}');
});
