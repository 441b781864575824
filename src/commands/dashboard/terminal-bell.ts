import { throughMultiplexer } from './clipboard.ts';

/** How the operator wants to hear of news. */
export const NOTIFY_WAYS = ['bell', 'desktop', 'new', 'off'] as const;
export type NotifyWay = (typeof NOTIFY_WAYS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

const BELL = '\u0007';

/**
 * The sequence that makes this terminal show the text, which must be safe already. `new` rings the bell. `desktop` sends OSC 9 or OSC 777 to terminals
 * known to show it, and the bell to all others. Under tmux and screen it sends both, because they may swallow the first.
 */
export function noticeSequence(way: NotifyWay, text: string, env: Environment): string {
  if (way === 'off') return '';
  const shown = way === 'desktop' ? desktopSequence(text, env) : null;
  if (shown === null) return BELL;
  return env['TMUX'] || env['TERM']?.startsWith('screen') ? throughMultiplexer(shown, env) + BELL : shown;
}

/** Terminals that show OSC 777 (rxvt's form), by what they put into the environment. */
const SHOWS_777 = /^(?:rxvt|foot)/;
/** Terminals that show OSC 9 (iTerm2's form). */
const SHOWS_9 = /^(?:iTerm\.app|WezTerm|ghostty|kitty|WarpTerminal)$/;

function desktopSequence(text: string, env: Environment): string | null {
  const [term, program] = [env['TERM'] ?? '', env['TERM_PROGRAM'] ?? ''];
  if (SHOWS_777.test(term)) return `\u001b]777;notify;egresstop;${text}${BELL}`;
  const shows9 =
    SHOWS_9.test(program) || /kitty|ghostty/.test(term) || env['WT_SESSION'] !== undefined || env['TMUX'];
  // never beginning with a number: ConEmu and Windows Terminal take `9;4` for a progress bar
  return shows9 ? `\u001b]9;egresstop: ${text}${BELL}` : null;
}
