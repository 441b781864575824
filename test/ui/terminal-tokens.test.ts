import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TerminalTokens, type TerminalToken } from '../../src/ui/terminal-tokens.ts';
import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { TerminalInput, type TerminalEvent } from '../../src/ui/terminal-input.ts';
import { often } from '../runs.ts';

/** The bytes that go on to Ink and the events, of a whole input in the given pieces. */
async function passed(pieces: readonly string[]): Promise<{ keys: string; events: TerminalEvent[] }> {
  const terminal = new PassThrough();
  const events: TerminalEvent[] = [];
  const input = new TerminalInput(terminal as unknown as ReadStream, event => events.push(event));
  let keys = '';
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => (keys += chunk));
  terminal.resume();
  for (const piece of pieces) terminal.emit('data', Buffer.from(piece, 'latin1'));
  await new Promise(resolve => {
    input.once('end', resolve);
    terminal.emit('end');
  });
  return { keys, events };
}

const ESC = '\u001b';
const ST = `${ESC}\\`;
const BEL = '\u0007';

/** Reports that a terminal sends by itself, without a key press. */
const REPORTS = [
  `${ESC}]11;rgb:eeee/eeee/eeee${BEL}`,
  `${ESC}]10;rgb:cccc/cccc/cccc${ST}`,
  `${ESC}]4;1;rgb:acde/acde/acde${ST}`,
  `${ESC}]52;c;YWxsb3c=${BEL}`,
  `${ESC}]8;;https://a.example${ST}`,
  `${ESC}P1$r0m${ST}`,
  `${ESC}P>|xterm(390)${ST}`,
  `${ESC}P!|00000000${ST}`,
  `${ESC}_Gi=1;OK${ST}`,
  `${ESC}^private message: a d x${ST}`,
  `${ESC}Xstart of string q${ST}`,
  `${ESC}[?64;1;2;6;22c`,
  `${ESC}[>41;390;0c`,
  `${ESC}[=0c`,
  `${ESC}[12;40R`,
  `${ESC}[?1;1R`,
  `${ESC}[0n`,
  `${ESC}[?2026;2$y`,
  `${ESC}[4;2$y`,
  `${ESC}[I`,
  `${ESC}[O`,
  `${ESC}[8;24;80t`,
  `${ESC}[?1;0;256S`,
  `${ESC}[?5u`,
  `${ESC}[113;1:3u`,
  `${ESC}[97;5:3u`,
  `${ESC}[1;1:3A`,
  `${ESC}[3;1:3~`,
  `${ESC}[1;1:3H`,
  `${ESC}[M !!`,
  `${ESC}[M#\u00f0\u00f1`,
  `${ESC}[<32;1;1M`,
  `${ESC}[<0;5;3m`,
  `${ESC}[${'1;'.repeat(400)}1m`,
  `${ESC}[<35;10;10M`,
  `${ESC}]${'q'.repeat(10_000)}${BEL}`,
  `${ESC}\\`,
];

/** Keys as terminals send them. */
const KEYS = [
  'q',
  'G',
  '/',
  ' ',
  '\r',
  '\t',
  '\u007f',
  '\u0003',
  '\u00c3\u00a9',
  '\u00f0\u009f\u0098\u0080',
  `${ESC}[A`,
  `${ESC}[1;5C`,
  `${ESC}OB`,
  `${ESC}[5~`,
  `${ESC}[Z`,
  `${ESC}[[C`,
  `${ESC}[2$`,
  `${ESC}[8^`,
  `${ESC}[113u`,
  `${ESC}[113;1:1u`,
  `${ESC}[97;5u`,
  `${ESC}[1;1:2A`,
  `${ESC}a`,
];

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

it.each(REPORTS.map(report => [JSON.stringify(report).slice(0, 60), report]))(
  'the report %s is no key',
  async (_, report) => {
    expect(await passed([`j${report}k`])).toEqual({ keys: 'jk', events: [] });
  },
);

it('any mixture of reports and keys, cut anywhere, yields the keys between them', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...REPORTS).map(bytes => ({ bytes, keys: '' })),
    fc.constantFrom(...KEYS).map(bytes => ({ bytes, keys: bytes })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }),
      async (pieces, cuts) => {
        const whole = pieces.map(({ bytes }) => bytes).join('');
        const places = [0, ...cuts.map(cut => cut % (whole.length + 1)), whole.length].toSorted(
          (one, other) => one - other,
        );
        const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
        const { keys, events } = await passed(chunks);
        expect(keys).toBe(utf8(pieces.map(part => part.keys).join('')));
        expect(events).toEqual([]);
      },
    ),
    { numRuns: often(300) },
  );
});

it('any bytes at all, cut anywhere, give the same tokens as whole, and none is lost but reports', () => {
  const bytes = fc.string({
    unit: fc.constantFrom(...Array.from('ab[]OP\\;?<1~MuR$_^X\u0007\u001b\u0018é')),
    maxLength: 60,
  });
  const tokensOf = (pieces: readonly string[]): readonly TerminalToken[] => {
    const tokens = new TerminalTokens();
    const found = pieces.flatMap(part => tokens.push(part));
    const merged: TerminalToken[] = [];
    for (const token of [...found, ...tokens.giveUp()]) {
      const last = merged.at(-1);
      if (token.type === 'text' && last?.type === 'text')
        merged[merged.length - 1] = { type: 'text', bytes: last.bytes + token.bytes };
      else merged.push(token);
    }
    return merged;
  };
  fc.assert(
    fc.property(bytes, fc.nat(), (text, place) => {
      const cut = place % (text.length + 1);
      expect(tokensOf([text.slice(0, cut), text.slice(cut)])).toEqual(tokensOf([text]));
    }),
    { numRuns: often(2_000) },
  );
});

it('pasted text is told whole, and none of it is a key', async () => {
  const { keys, events } = await passed([`a${ESC}[200~q\rx${ESC}[Aé`, `!${ESC}[201`, `~b`]);
  expect(keys).toBe('ab');
  expect(events).toEqual([{ type: 'paste', text: utf8(`q\rx${ESC}[Aé!`) }]);
});

it('a paste without end keeps a bounded part', () => {
  const tokens = new TerminalTokens();
  tokens.push(`${ESC}[200~`);
  for (let index = 0; index < 100; index += 1) tokens.push('x'.repeat(10_000));
  const [paste] = tokens.giveUp();
  expect(paste).toMatchObject({ type: 'paste' });
  expect(paste?.type === 'paste' && paste.bytes.length).toBeLessThan(70_000);
});
