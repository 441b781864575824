import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Cryptography } from '../../../core/fleet/judge-value.ts';
import { publicKeyBytes, seedBytes, userKey } from '../../../core/fleet/nkey.ts';

/** SHA-256 and Ed25519 (RFC 8032) of Node. */
export const CRYPTOGRAPHY: Cryptography = {
  hash: text => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`,
  isSigned: (text, signature, publicKey) => {
    const bytes = publicKeyBytes(publicKey);
    return (
      bytes !== null && verify(null, Buffer.from(text), publicKeyOf(bytes), Buffer.from(signature, 'hex'))
    );
  },
};

/** An editor who can sign. */
export interface Signer {
  readonly publicKey: string;
  /** The signature over the text's UTF-8 bytes, in 128 hex digits. */
  readonly sign: (text: string) => string;
}

/** The editor who holds this seed (`SU…`); null where the text is none. */
export function signerOf(seed: string): Signer | null {
  const bytes = seedBytes(seed);
  if (!bytes) return null;
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: userKey(Buffer.from(x, 'base64url')),
    sign: text => sign(null, Buffer.from(text), key).toString('hex'),
  };
}

/** The bytes before the 32 bytes of a private key (RFC 8410 §7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

const publicKeyOf = (bytes: Uint8Array): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') },
    format: 'jwk',
  });
