import { nkeys } from '@nats-io/transport-node';
import { CRYPTOGRAPHY, signerOf, type Signer } from '../../../src/commands/fleet/policy/cryptography.ts';
import { FIRST } from '../../../src/core/fleet/policy-value.ts';
import type {
  PolicyKey,
  PolicyValue,
  UnsignedValue,
  VerifiedValue,
} from '../../../src/core/fleet/policy-value.ts';
import { signedText } from '../../../src/core/fleet/policy-wire.ts';

/** A policy of the group `web`. */
export const KEY: PolicyKey = { tenant: 'acme', scope: 'group', owner: 'web', name: 'egress' };

/** An editor with a new key. */
export function newSigner(): Signer {
  const signer = signerOf(new TextDecoder().decode(nkeys.createUser().getSeed()));
  if (!signer) throw new Error('the library made a seed that is none');
  return signer;
}

/** A value that this editor signed, with what is not said of it as usual. */
export function signedBy(signer: Signer, known: Partial<UnsignedValue> = {}): PolicyValue {
  const value: UnsignedValue = {
    key: KEY,
    text: 'allow:\n  - docs.example\n',
    author: signer.publicKey,
    reason: 'a test',
    at: '2026-11-20T18:00:00.000Z',
    before: FIRST,
    succeeds: [],
    over: [],
    rollout: null,
    ...known,
  };
  return { ...value, signature: signer.sign(signedText(value)) };
}

/** The value as it is after its signature was verified. */
export const verifiedOf = (value: PolicyValue): VerifiedValue => ({
  id: CRYPTOGRAPHY.hash(signedText(value)),
  value,
});

/** A chain of values, oldest first: each names the one before it. */
export function chainBy(signer: Signer, texts: readonly string[]): readonly VerifiedValue[] {
  const chain: VerifiedValue[] = [];
  for (const text of texts)
    chain.push(verifiedOf(signedBy(signer, { text, before: chain.at(-1)?.id ?? FIRST })));
  return chain;
}
