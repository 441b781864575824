import { type ControlSequence, controlSequences, escaped } from './control-sequences.ts';

// The sequences of Ink 8 (its log-update, line-update, cursor-helpers and write-synchronized), of our rows, and of our mouse modes. Ink never
// writes ESC[2J on a screen of its own height, so that one stays telling.
const EXPECTED: readonly RegExp[] = [
  /^\x1b\[[\d;:]*m$/, // colours and styles
  /^\x1b\[\d*[A-G]$/, // cursor moves
  /^\x1b\[(?:\d+(?:;\d+)?)?H$/, // cursor to a place
  /^\x1b[78]$/, // cursor saved and restored (DECSC, DECRC), around painted rows
  /^\x1b\[0?J$/, // erase below
  /^\x1b\[[012]?K$/, // erase in line
  /^\x1b\[\?(?:25|1049|2004|2026)[hl]$/, // cursor, alternate screen, bracketed paste, synchronized output
  /^\x1b\[\?(?:1000|1002|1003|1006)[hl]$/, // mouse
];

/** A text put on the clipboard, of which the payload is base64. Pass it as `allow` where a test asked for that. */
export const CLIPBOARD_WRITE = /^\x1b\]52;c;[A-Za-z0-9+/]*={0,2}(?:\x07|\x1b\\)$/;

/** The controls in the output that neither Ink nor we write, each once and made readable; empty is good. */
export function unexpectedSequences(
  output: Buffer | string,
  { allow = [] }: { readonly allow?: readonly RegExp[] } = {},
): readonly string[] {
  const known = [...EXPECTED, ...allow];
  const unexpected = controlSequences(output).filter(({ text }) => !known.some(known => known.test(text)));
  return [...new Set(unexpected.map(({ text }) => escaped(text)))];
}

/**
 * The controls of a hostile input that came through to the output, whole or by one of its parts, be it as C1 or as its
 * ESC form; empty is good. Choose an input whose sequences the program has no reason to write itself.
 */
export function tracesOf(hostile: string, output: Buffer | string): readonly string[] {
  const dangerous = new Set(controlSequences(hostile).map(sevenBit));
  const written = new Set(controlSequences(output).map(sevenBit));
  return [...dangerous].filter(text => written.has(text)).map(escaped);
}

/** C1 introducers and terminators as their two-character forms, and any end of a string as ST. */
function sevenBit({ type, text }: ControlSequence): string {
  const spelled = text.replace(
    /[\x80-\x9f]/g,
    c1 => `\x1b${String.fromCodePoint((c1.codePointAt(0) ?? 0) - 0x40)}`,
  );
  return type === 'osc' ? spelled.replace(/\x07$/, '\x1b\\') : spelled;
}
