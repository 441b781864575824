import { visible } from '../../core/visible.ts';

/** Terminals refuse more than about this many encoded bytes in one OSC 52. */
const MOST_BYTES = 74_994;

/** Sends text to the terminal's clipboard by OSC 52, wrapped for tmux and screen. The text is made safe first: pasted text must not run. No answer comes back. */
export function copyToTerminal(text: string, stdout: NodeJS.WriteStream): void {
  const safe = text.split('\n').map(visible).join('\n');
  const encoded = Buffer.from(safe).toString('base64').slice(0, MOST_BYTES);
  stdout.write(throughMultiplexer(`\u001b]52;c;${encoded}\u0007`, process.env));
}

/** The sequence as tmux and screen hand it on to the terminal they run in. */
export function throughMultiplexer(
  sequence: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (env['TMUX']) return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if (env['TERM']?.startsWith('screen')) return `\u001bP${sequence}\u001b\\`;
  return sequence;
}
