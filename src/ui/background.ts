/** Asks a terminal for the colour of its background (xterm ctlseqs, "OSC 11"). It answers with an OSC of the same number. */
export const ASK_BACKGROUND = '\u001b]11;?\u001b\\';

/** How a background is, as far as the choice of a theme needs it. */
export type Background = 'light' | 'dark';

/** `11;rgb:RRRR/GGGG/BBBB`, or `rgba:`, with one to four hex digits each, as XParseColor reads them. */
const ANSWER = /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i;
/** `11;#RRGGBB`, the older form. */
const SHORT_ANSWER = /^11;#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i;

/** The background that the text of an OSC tells; null where it tells none. */
export function backgroundIn(text: string): Background | null {
  const [, ...parts] = ANSWER.exec(text) ?? SHORT_ANSWER.exec(text) ?? [];
  const [red, green, blue] = parts.map(part => Number.parseInt(part, 16) / (16 ** part.length - 1));
  if (red === undefined || green === undefined || blue === undefined) return null;
  const brightness = 0.299 * red + 0.587 * green + 0.114 * blue; // luma of ITU-R BT.601
  return brightness > 0.5 ? 'light' : 'dark';
}

/** The background that a terminal told at its start, in COLORFGBG; null where it told none. */
export function toldBackground(env: Environment): Background | null {
  const colour = env['COLORFGBG']?.split(';').at(-1) ?? '';
  if (!/^\d{1,2}$/.test(colour)) return null;
  return colour === '7' || colour === '15' ? 'light' : 'dark';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals that answer, or pass over, a question for a colour. Others may show it as text. */
const ASKABLE =
  /^(?:xterm|rxvt|alacritty|foot|wezterm|kitty|ghostty|contour|konsole|mlterm|mintty|iterm2?|vte|st|tmux|screen)\b/;
/** tmux knows the background of the terminal around it since 3.4. */
const TMUX = /(\d+)\.(\d+)/;

/** Whether the terminal may be asked. GNU screen does not answer, tmux only since 3.4. */
export function isAskable(env: Environment): boolean {
  const term = env['TERM'] ?? '';
  if (!ASKABLE.test(term)) return false;
  const isInTmux = (env['TMUX'] ?? '') !== '';
  if (!isInTmux) return (env['STY'] ?? '') === '' && !/^(?:tmux|screen)\b/.test(term);
  const [, major, minor] =
    (env['TERM_PROGRAM'] === 'tmux' && TMUX.exec(env['TERM_PROGRAM_VERSION'] ?? '')) || [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 4);
}
