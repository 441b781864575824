import type { Tone } from '../app/select/text/span.ts';
import type { Styles } from './row-painter.ts';
import type { Look, Theme } from './theme.ts';

/** The colour depth of a terminal in bits, as Node's `getColorDepth` returns it. 1 means no colours. */
export type ColourDepth = number;

/** The SGR parameters (ECMA-48, 8.3.117) that turn an attribute on and off. */
const ATTRIBUTES = [
  ['bold', 1, 22],
  ['dimColor', 2, 22],
  ['underline', 4, 24],
  ['inverse', 7, 27],
] as const satisfies readonly (readonly [keyof Look, number, number])[];

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The escape sequences of each tone, the same as Ink's. They are made without Ink, for rows that are painted before it is loaded. */
export function sgrStylesOf(theme: Theme, depth: ColourDepth): Styles {
  const styled = Object.entries(theme).map(([tone, look]) => [tone, sgrOf(look, depth)] as const);
  return Object.fromEntries(styled) as Record<Tone, Styles[Tone]>; // a theme has every tone
}

function sgrOf(look: Look, depth: ColourDepth): Styles[Tone] {
  const attributes = ATTRIBUTES.filter(([name]) => look[name] === true);
  const colour = look.color === undefined ? null : colourSgr(look.color, depth);
  const on = [...attributes.map(([, open]) => `${open}`), ...(colour === null ? [] : [colour])];
  const off = new Set([...attributes.map(([, , close]) => close), ...(colour === null ? [] : [39])]);
  const sequence = (parameters: readonly (string | number)[]): string =>
    parameters.length === 0 ? '' : `\u001b[${parameters.join(';')}m`;
  return { open: sequence(on), close: sequence([...off]) };
}

/** Null if the terminal does not support the colour. */
function colourSgr(colour: string, depth: ColourDepth): string | null {
  if (depth < 4) return null;
  const isBright = colour.endsWith('Bright');
  const named = COLOURS.indexOf(isBright ? colour.slice(0, -'Bright'.length) : colour);
  if (named >= 0) return `${(isBright ? 90 : 30) + named}`;
  if (colour === 'gray' || colour === 'grey') return '90';
  const indexed = /^ansi256\((\d+)\)$/.exec(colour)?.[1];
  if (indexed !== undefined) return depth < 8 ? null : `38;5;${indexed}`;
  const parts = /^#(..)(..)(..)$/.exec(colour)?.slice(1) ?? [];
  const [red, green, blue] = parts.map(part => Number.parseInt(part, 16));
  if (red === undefined || green === undefined || blue === undefined || depth < 8) return null;
  return depth < 24 ? `38;5;${nearest256(red, green, blue)}` : `38;2;${red};${green};${blue}`;
}

/** The nearest of the 256 colours: from the 6×6×6 cube or the greys, by the rule that Ink uses. */
function nearest256(...rgb: readonly [red: number, green: number, blue: number]): number {
  const [red, green, blue] = rgb;
  if (red >> 4 === green >> 4 && green >> 4 === blue >> 4) {
    if (red < 8) return 16;
    return red > 248 ? 231 : Math.round(((red - 8) / 247) * 24) + 232;
  }
  const [r = 0, g = 0, b = 0] = rgb.map(part => Math.round((part / 255) * 5));
  return 16 + 36 * r + 6 * g + b;
}
