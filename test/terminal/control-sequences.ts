/**
 * One control in a program's output. `text` is exactly what was written.
 * `broken` is an introducer (`ESC`, `ESC [`, …) of something that never became a sequence;
 * `control` a lone C0 or C1 character; `invisible` a character that reorders or hides text (bidi, zero-width, tags).
 */
export type ControlSequence =
  | {
      readonly type: 'csi';
      readonly text: string;
      readonly prefix: string;
      readonly parameters: string;
      readonly final: string;
    }
  | {
      readonly type: 'osc' | 'string' | 'escape' | 'control' | 'invisible' | 'broken';
      readonly text: string;
    };

// ECMA-48 §5 with xterm's extensions: a colon in parameters, BEL at the end of an OSC, ESC doubled inside tmux's DCS.
const SEQUENCE = new RegExp(
  [
    String.raw`(?<csi>(?:\x1b\[|\x9b)(?<prefix>[<-?]*)(?<parameters>[0-9:;]*)(?<final>[ -\/]*[@-~]))`,
    String.raw`(?<osc>(?:\x1b\]|\x9d)[^\x07\x18\x1a\x1b\x9c]*(?:\x07|\x1b\\|\x9c))`,
    String.raw`(?<string>(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])(?:[^\x18\x1a\x1b\x9c]|\x1b\x1b)*(?:\x1b\\|\x9c))`,
    String.raw`(?<escape>\x1b(?:[ -\/]+[0-~]|[0-OQ-WYZ\\` + '`-~]))',
    String.raw`(?<broken>\x1b[\[\]PX^_]?|[\x90\x98\x9b\x9d-\x9f])`,
    // All of C0, DEL and C1 but backspace, tab, newline and return.
    String.raw`(?<control>[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f])`,
    // All that prints nothing, but the variation selectors that only choose an emoji's look.
    String.raw`(?<invisible>(?![\ufe00-\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029])`,
  ].join('|'),
  'gu',
);

const PLAIN_TYPES = ['osc', 'string', 'escape', 'broken', 'control', 'invisible'] as const;

/** Every control in the output, in order. Takes the bytes whole, so that a sequence cut by two writes is still found. */
export function controlSequences(output: Buffer | string): readonly ControlSequence[] {
  return Array.from(decode(output).matchAll(SEQUENCE), match => {
    const [text] = match;
    const { csi, prefix = '', parameters = '', final = '', ...plain } = match.groups ?? {};
    if (csi !== undefined) return { type: 'csi', text, prefix, parameters, final } as const;
    const type = PLAIN_TYPES.find(type => plain[type] !== undefined);
    if (type === undefined) throw new Error(`a control matched as nothing: ${escaped(text)}`);
    return { type, text };
  });
}

/** The rest when every control is taken out: the text a terminal prints, in the order of writing. */
export function printedText(output: Buffer | string): string {
  return decode(output).replace(SEQUENCE, '');
}

/** Text in which every character outside printable ASCII is shown by number, for messages. */
export function escaped(text: string): string {
  return text.replace(/[^ -~]/gu, char => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** UTF-8 as text, but with a stray byte kept as the character of that number: a lone 0x9b is the C1 control it may act as. */
function decode(output: Buffer | string): string {
  if (typeof output === 'string') return output;
  const text = output.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let decoded = '';
  for (let at = 0; at < output.length;) {
    const length = characterLength(output, at);
    decoded += length > 0 ? output.toString('utf8', at, at + length) : String.fromCodePoint(output[at] ?? 0);
    at += Math.max(length, 1);
  }
  return decoded;
}

/** The number of bytes of the character at `at`, or 0 if these are not UTF-8. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length < 2) return length;
  const character = bytes.subarray(at, at + length);
  return Buffer.from(character.toString('utf8')).equals(character) ? length : 0;
}
