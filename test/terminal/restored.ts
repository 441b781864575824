import { type ControlSequence, controlSequences } from './control-sequences.ts';
import type { Terminal } from './terminal.ts';

const NAMES: Readonly<Record<number, string>> = {
  25: 'cursor',
  47: 'alternate screen',
  1000: 'mouse clicks',
  1002: 'mouse drags',
  1003: 'mouse moves',
  1004: 'focus reports',
  1006: 'SGR mouse coordinates',
  1047: 'alternate screen',
  1049: 'alternate screen',
  2004: 'bracketed paste',
  2026: 'synchronized output',
};

// Line wrap and the cursor are on in a fresh terminal, all other private modes off.
const ON_AT_START: ReadonlySet<number> = new Set([7, 25]);

/** Throws unless the program has ended and left the terminal as it found it, naming each thing it left behind. */
export function assertRestored(terminal: Terminal): void {
  if (!terminal.exit()) throw new Error('the program still runs: wait for its exit first');
  const left = leftBehind(terminal.raw());
  if (left.length > 0) throw new Error(`the program left behind: ${left.join(', ')}`);
}

/** The difference from a fresh terminal after this output: private modes, colours and styles, keyboard protocol; empty is good. */
export function leftBehind(output: Buffer | string): readonly string[] {
  const modes = new Map<number, boolean>();
  const styles = new Set<StyleGroup>();
  let keyboardDepth = 0;
  for (const sequence of controlSequences(output)) {
    if (sequence.type !== 'csi') continue;
    for (const [mode, on] of switchedModes(sequence)) modes.set(mode, on);
    if (sequence.final === 'm' && sequence.prefix === '') applyStyles(sequence.parameters, styles);
    // Kitty's keyboard protocol is a stack: CSI > flags u pushes, CSI < n u pops.
    if (sequence.final === 'u' && sequence.prefix === '>') keyboardDepth += 1;
    if (sequence.final === 'u' && sequence.prefix === '<') keyboardDepth -= Number(sequence.parameters || 1);
  }
  return [
    ...Array.from(modes)
      .filter(([mode, on]) => on !== ON_AT_START.has(mode))
      .map(([mode, on]) => `${NAMES[mode] ?? 'private mode'} (?${mode}) ${on ? 'on' : 'off'}`),
    ...Array.from(styles, style => `${style} set`),
    ...(keyboardDepth > 0 ? ['keyboard protocol on'] : []),
  ];
}

function switchedModes(sequence: ControlSequence & { readonly type: 'csi' }): readonly [number, boolean][] {
  if (sequence.prefix !== '?' || !/^[hl]$/.test(sequence.final)) return [];
  return sequence.parameters.split(';').map(mode => [Number(mode), sequence.final === 'h']);
}

type StyleGroup = 'foreground' | 'background' | 'underline colour' | `style ${number}`;

/** Follows one SGR: which groups of styles it starts and which it ends (ECMA-48 §8.3.117, xterm's 38/48/58). */
function applyStyles(parameters: string, styles: Set<StyleGroup>): void {
  const codes = parameters.split(';');
  for (let at = 0; at < codes.length; at += 1) {
    const code = Number.parseInt(codes[at] || '0', 10);
    if (code === 0) styles.clear();
    const started = startedBy(code);
    if (started) styles.add(started);
    const ended = endedBy(code);
    if (ended) styles.delete(ended);
    // 38;5;n and 38;2;r;g;b bring arguments of their own; written with colons they are one parameter already.
    if (/^[345]8$/.test(codes[at] ?? '')) at += codes[at + 1] === '5' ? 2 : codes[at + 1] === '2' ? 4 : 0;
  }
}

function startedBy(code: number): StyleGroup | undefined {
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 'foreground';
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 'background';
  if (code === 58) return 'underline colour';
  if (code === 53) return 'style 55';
  if (code === 1 || code === 2) return 'style 22';
  if (code === 21) return 'style 24';
  if (code === 6) return 'style 25';
  return code >= 3 && code <= 9 ? `style ${20 + code}` : undefined;
}

function endedBy(code: number): StyleGroup | undefined {
  if (code === 39) return 'foreground';
  if (code === 49) return 'background';
  if (code === 59) return 'underline colour';
  return (code >= 22 && code <= 29) || code === 55 ? `style ${code}` : undefined;
}
