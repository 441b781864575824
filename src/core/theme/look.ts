import { nearWord } from '../near-word.ts';
import type { ThemeName } from './theme-name.ts';

/** The kinds of text that a theme styles, by their names in a configuration. */
export const TONE_NAMES = [
  'plain',
  'dim',
  'strong',
  'accent',
  'allow',
  'deny',
  'warn',
  'pending',
  'error',
  'match',
  'selected',
  'selected-match',
  'badge',
  'added',
  'removed',
] as const;
export type ToneName = (typeof TONE_NAMES)[number];

/** The style of a text: a colour as Ink spells it, weight and decoration. */
export interface Look {
  readonly color?: string;
  readonly bold?: true;
  readonly dimColor?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
}

const FORMS = {
  bold: { bold: true },
  faint: { dimColor: true },
  italic: { italic: true },
  underline: { underline: true },
  inverse: { inverse: true },
} as const satisfies Readonly<Record<string, Look>>;

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** The terminal's sixteen colours: the name in a configuration and the name in Ink. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['gray', 'gray'],
  ['grey', 'gray'],
  ...COLOURS.flatMap(name => [[name, name] as const, [`bright-${name}`, `${name}Bright`] as const]),
]);

const WORDS: readonly string[] = [...Object.keys(FORMS), ...NAMED.keys()];

/** Parses a style such as `#ff8800 bold underline`. Returns the reason for an invalid one. */
export function parseLook(text: string): Look | string {
  const looks: Look[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const color = colourOf(word);
    if (Object.hasOwn(FORMS, word)) looks.push(FORMS[word as keyof typeof FORMS]);
    else if (color === undefined) return unknown(word);
    else if (looks.some(look => look.color !== undefined)) return `${word} is a second colour`;
    else looks.push({ color });
  }
  return Object.assign({}, ...looks) as Look;
}

function colourOf(word: string): string | undefined {
  if (/^#[0-9a-f]{6}$/i.test(word)) return word;
  if (/^\d{1,3}$/.test(word) && Number(word) <= 255) return `ansi256(${Number(word)})`;
  return NAMED.get(word);
}

function unknown(word: string): string {
  const near = nearWord(word, WORDS);
  return `${word === '' ? 'nothing' : word} is no colour and no form${near === null ? '' : `: did you mean ${near}?`}`;
}

/** An operator's theme: a built-in theme and the styles that it changes. */
export interface CustomTheme {
  readonly base: ThemeName;
  readonly looks: Readonly<Partial<Record<ToneName, Look>>>;
}
