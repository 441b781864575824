import type { EditorKey } from './editor-keys.ts';
import type { PolicyKey, PolicyValue, VerifiedValue } from './policy-value.ts';
import { readValue, signedText } from './policy-wire.ts';

/** The cryptography that judging needs, passed in because core imports no library. */
export interface Cryptography {
  /** Returns `sha256:` and the 64 hex digits of the text's UTF-8 bytes. */
  readonly hash: (text: string) => string;
  /** Whether the key's owner signed the text's UTF-8 bytes with Ed25519. */
  readonly isSigned: (text: string, signature: string, publicKey: string) => boolean;
}

/** A value that passed all checks, or why it is refused. */
export type JudgedValue =
  | { readonly type: 'verified'; readonly verified: VerifiedValue }
  | { readonly type: 'refused'; readonly why: string };

/** The key under which the value was found, and the editors that the machine trusts. */
export interface Expected {
  readonly key: PolicyKey;
  readonly editors: readonly EditorKey[];
  readonly cryptography: Cryptography;
}

/** Checks a received value. It is accepted only if a trusted editor signed it for this key. */
export function judgeValue(wire: string, { key, editors, cryptography }: Expected): JudgedValue {
  const read = readValue(wire);
  if (read.type === 'malformed') return refused(`malformed: ${read.why}`);
  const { value } = read;
  if (!isSameKey(value.key, key)) return refused(`it was made for ${describeKey(value.key)}`);
  if (!editors.some(editor => editor.key === value.author))
    return refused(`its author ${value.author} is no editor of this machine`);
  const text = signedText(value);
  if (!cryptography.isSigned(text, value.signature, value.author))
    return refused(`its signature is not one of ${labelOf(value, editors)}`);
  return { type: 'verified', verified: { id: cryptography.hash(text), value } };
}

const refused = (why: string): JudgedValue => ({ type: 'refused', why });

const isSameKey = (one: PolicyKey, other: PolicyKey): boolean =>
  one.tenant === other.tenant &&
  one.scope === other.scope &&
  one.owner === other.owner &&
  one.name === other.name;

const labelOf = ({ author }: PolicyValue, editors: readonly EditorKey[]): string =>
  editors.find(({ key }) => key === author)?.label ?? author;

/** A key in words: `policy "egress" of group web in acme`. */
export const describeKey = ({ tenant, scope, owner, name }: PolicyKey): string =>
  `policy ${JSON.stringify(name)} of ${scope} ${owner} in ${tenant}`;
