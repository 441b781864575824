const PLAIN = /^[A-Za-z0-9-]+$/;
const ESCAPED = /^(?:[A-Za-z0-9-]|_[0-9A-F]{2})+$/;
/** The token for an empty name. */
const EMPTY = '_';

/**
 * Encodes a name as one token of a NATS subject. Letters, digits and `-` stay; each other byte of UTF-8 becomes `_HH`. Different names get
 * different tokens.
 */
export function tokenOf(name: string): string {
  if (name === '') return EMPTY;
  if (PLAIN.test(name)) return name;
  return encodeURIComponent(wellFormed(name))
    .replace(/[_.!~*'()]/g, character => `%${hexOf(character)}`)
    .replaceAll('%', '_');
}

/** Decodes a token; null for a text that `tokenOf` cannot produce. */
export function nameOfToken(token: string): string | null {
  if (token === EMPTY) return '';
  if (!ESCAPED.test(token)) return null;
  try {
    const name = decodeURIComponent(token.replaceAll('_', '%'));
    return tokenOf(name) === token ? name : null;
  } catch {
    return null; // the bytes are no valid UTF-8
  }
}

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase();

/** Replaces lone surrogates, which UTF-8 cannot encode, by U+FFFD. */
const wellFormed = (name: string): string => name.replace(/\p{Cs}/gu, '\uFFFD');
