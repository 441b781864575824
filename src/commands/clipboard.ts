import { visible } from '../core/visible.ts';

/** Terminals refuse more than about this many encoded bytes in one OSC 52. */
const MOST_BYTES = 74_994;

/** Sends text to the terminal's clipboard by OSC 52, wrapped for tmux and screen. Made safe first: what is pasted must not run. Success cannot be known. */
export function copyToTerminal(text: string, stdout: NodeJS.WriteStream): void {
  const safe = text.split('\n').map(visible).join('\n');
  const encoded = Buffer.from(safe).toString('base64').slice(0, MOST_BYTES);
  stdout.write(wrapped(`\u001b]52;c;${encoded}\u0007`));
}

function wrapped(sequence: string): string {
  if (process.env['TMUX']) return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if (process.env['TERM']?.startsWith('screen')) return `\u001bP${sequence}\u001b\\`;
  return sequence;
}
