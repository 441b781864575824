const PLAIN = /^[A-Za-z0-9-]+$/;
const ESCAPED = /^(?:[A-Za-z0-9-]|_[0-9A-F]{2})+$/;
/** The token of an empty name. */
const EMPTY = '_';

/** A name as one token of a NATS subject. Other characters than letters, digits and `-` become `_HH` for each byte of UTF-8, so that no two names share a token. */
export function tokenOf(name: string): string {
  if (name === '') return EMPTY;
  if (PLAIN.test(name)) return name;
  return encodeURIComponent(wellFormed(name))
    .replace(/[_.!~*'()]/g, character => `%${hexOf(character)}`)
    .replaceAll('%', '_');
}

/** The name behind a token; null for what `tokenOf` never makes. */
export function nameOfToken(token: string): string | null {
  if (token === EMPTY) return '';
  if (!ESCAPED.test(token)) return null;
  try {
    const name = decodeURIComponent(token.replaceAll('_', '%'));
    return tokenOf(name) === token ? name : null;
  } catch {
    return null; // the bytes are no UTF-8
  }
}

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase();

/** A lone surrogate has no UTF-8: it becomes U+FFFD, as encoders make it. */
const wellFormed = (name: string): string => name.replace(/\p{Cs}/gu, '\uFFFD');
