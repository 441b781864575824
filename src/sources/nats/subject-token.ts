/** Longer tokens than this are refused, so that a subject stays below what servers allow. */
const MAX_TOKEN = 256;

/**
 * A name as one token of a subject: letters, digits and `-` stay, every other byte of its UTF-8 is `_HH`. Two names never have the same
 * token. Throws a RangeError for an empty name, or one too long.
 */
export function subjectToken(name: string): string {
  const token = Array.from(Buffer.from(name, 'utf8'), tokenOfByte).join('');
  if (token === '' || token.length > MAX_TOKEN) throw new RangeError(`a name of ${name.length} characters`);
  return token;
}

function tokenOfByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The name that has this token; null where no name has it. */
export function nameOfToken(token: string): string | null {
  if (!/^(?:[A-Za-z0-9-]|_[0-9A-F]{2})+$/.test(token) || token.length > MAX_TOKEN) return null;
  const bytes = token.replace(/_([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const name = Buffer.from(bytes, 'latin1').toString('utf8');
  return subjectToken(name) === token ? name : null;
}
