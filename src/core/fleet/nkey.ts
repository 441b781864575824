const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_BYTES = 32;
const CHECKSUM_BYTES = 2;
/** The first byte of a user's public key and of a seed, from nats-io/nkeys `nkeys.go`. */
const PREFIX_USER = 20 << 3;
const PREFIX_SEED = 18 << 3;

/** The 32 bytes of the Ed25519 public key in a user nkey (`U…`); null for any other text. */
export function publicKeyBytes(key: string): Uint8Array | null {
  const bytes = decoded(key, 1 + KEY_BYTES);
  return bytes?.[0] === PREFIX_USER ? bytes.slice(1) : null;
}

/** The 32 bytes in a user's seed (`SU…`); null for any other text. They are secret. */
export function seedBytes(seed: string): Uint8Array | null {
  const bytes = decoded(seed, 2 + KEY_BYTES);
  if (!bytes) return null;
  const [first = 0, second = 0] = bytes;
  const isUser = ((first & 7) << 5) | (second >> 3);
  return (first & 0xf8) === PREFIX_SEED && isUser === PREFIX_USER ? bytes.slice(2) : null;
}

/** Encodes a user's public key as an nkey. */
export function userKey(bytes: Uint8Array): string {
  const payload = Uint8Array.from([PREFIX_USER, ...bytes]);
  const sum = checksum(payload);
  return inBase32(Uint8Array.from([...payload, sum & 0xff, sum >> 8]));
}

/** The bytes before the checksum. Null where the checksum is wrong, or where the text is not the canonical encoding. */
function decoded(text: string, length: number): Uint8Array | null {
  const bytes = fromBase32(text);
  if (bytes?.length !== length + CHECKSUM_BYTES || inBase32(bytes) !== text) return null;
  const payload = bytes.slice(0, length);
  const sum = checksum(payload);
  return bytes[length] === (sum & 0xff) && bytes[length + 1] === sum >> 8 ? payload : null;
}

/** Decodes base32 without padding (RFC 4648 §6). */
function fromBase32(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function inBase32(bytes: Uint8Array): string {
  let [text, held, bits] = ['', 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) text += ALPHABET[(held >> (bits -= 5)) & 31] ?? '';
  }
  return bits === 0 ? text : text + (ALPHABET[(held << (5 - bits)) & 31] ?? '');
}

/** CRC-16/XMODEM, as in nats-io/nkeys `crc16.go`. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1) & 0xffff;
  }
  return sum;
}
