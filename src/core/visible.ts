/*
 * Nothing from a log reaches the terminal raw. These characters are shown as `\xNN` or `\u{N}`: C0 and C1 controls, DEL, bidirectional
 * controls, invisible format characters (zero-width ones too), line and paragraph separators, lone surrogates, variation selectors and the
 * tag block. The reader sees that something was there. The terminal gets plain text. Source: Unicode 16 general categories Cc, Cf, Zl, Zp,
 * Cs, Co and default-ignorable code points; Trojan Source (CVE-2021-42574).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/u;
const EVERY_HIDDEN = new RegExp(HIDDEN.source, 'gu');
const PLAIN_ASCII = /^[\x20-\x7e]*$/;

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** The text with every character that a terminal would obey, or that a reader could not see, spelled out. One line in, one line out. */
export function visible(text: string): string {
  return PLAIN_ASCII.test(text) || !HIDDEN.test(text) ? text : text.replace(EVERY_HIDDEN, escape);
}
