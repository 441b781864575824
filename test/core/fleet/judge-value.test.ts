import fc from 'fast-check';
import { nkeys } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { CRYPTOGRAPHY, signerOf } from '../../../src/commands/fleet/policy/cryptography.ts';
import { readEditorKeys } from '../../../src/core/fleet/editor-keys.ts';
import { judgeValue } from '../../../src/core/fleet/judge-value.ts';
import { publicKeyBytes, seedBytes } from '../../../src/core/fleet/nkey.ts';
import { encodeValue, readValue } from '../../../src/core/fleet/policy-wire.ts';
import { isForMachine, MAX_POLICY_TEXT, type UnsignedValue } from '../../../src/core/fleet/policy-value.ts';
import { runs } from '../../runs.ts';
import { KEY, newSigner, signedBy, verifiedOf } from './sample-values.ts';

const editor = newSigner();
const stranger = newSigner();
const EXPECTED = {
  key: KEY,
  editors: [{ key: editor.publicKey, label: 'ann' }],
  cryptography: CRYPTOGRAPHY,
};

describe('a signed value', () => {
  it('a signed value is followed when a pinned editor signed it for the key that it was found under', () => {
    const value = signedBy(editor, { reason: 'docs “are” needed', over: ['none'] });
    expect(judgeValue(encodeValue(value), EXPECTED)).toEqual({
      type: 'verified',
      verified: verifiedOf(value),
    });
  });

  it('a signed value is refused whichever of its bytes is changed', () => {
    const rollout = { waves: [['a'], ['*']], wave: 0, maxMachines: 1, isHalted: false };
    const wire = Buffer.from(encodeValue(signedBy(editor, { rollout, text: 'allow: [ä]\n' })));
    const change = fc.record({
      at: fc.nat({ max: wire.length - 1 }),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ at, flip }) => {
        const changed = Buffer.from(wire);
        changed[at] = (changed[at] ?? 0) ^ flip;
        return judgeValue(changed.toString('utf8'), EXPECTED).type === 'refused';
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('a signed value is refused when anything is put into it, taken out of it, or put behind it', () => {
    const wire = encodeValue(signedBy(editor));
    const cut = fc.record({
      from: fc.nat({ max: wire.length }),
      length: fc.nat({ max: 3 }),
      more: fc.string(),
    });
    fc.assert(
      fc.property(cut, ({ from, length, more }) => {
        const changed = wire.slice(0, from) + more + wire.slice(from + length);
        return changed === wire || judgeValue(changed, EXPECTED).type === 'refused';
      }),
      { numRuns: runs(2_000) },
    );
  });

  it.each<[string, Partial<UnsignedValue>]>([
    ['another tenant', { key: { ...KEY, tenant: 'other' } }],
    ['a machine of the same name', { key: { ...KEY, scope: 'machine' } }],
    ['another group', { key: { ...KEY, owner: 'db' } }],
    ['another policy', { key: { ...KEY, name: 'ingress' } }],
  ])('a signed value is refused where it was made for %s', (_, known) => {
    expect(judgeValue(encodeValue(signedBy(editor, known)), EXPECTED).type).toBe('refused');
  });

  it('a value is refused from an editor who is not pinned, also under the name of one who is', () => {
    expect(judgeValue(encodeValue(signedBy(stranger)), EXPECTED).type).toBe('refused');
    const forged = signedBy(stranger, { author: editor.publicKey });
    expect(judgeValue(encodeValue(forged), EXPECTED)).toEqual({
      type: 'refused',
      why: 'its signature is not one of ann',
    });
  });

  it('a value is refused with the second spelling of its signature, which adds the order of the group', () => {
    const value = signedBy(editor);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const reversed = (hex: string): string => Buffer.from(hex, 'hex').reverse().toString('hex');
    const scalar = BigInt(`0x${reversed(value.signature.slice(64))}`) + order;
    const other = value.signature.slice(0, 64) + reversed(scalar.toString(16).padStart(64, '0'));
    expect(judgeValue(encodeValue({ ...value, signature: other }), EXPECTED).type).toBe('refused');
  });

  it.each<[string, Partial<UnsignedValue>]>([
    ['a text beyond the limit', { text: 'x'.repeat(MAX_POLICY_TEXT + 1) }],
    ['an escape of a terminal', { text: '\u001b[2J' }],
    ['half a surrogate pair', { text: '\ud800' }],
    ['a long reason', { reason: 'x'.repeat(501) }],
    ['a time that is none', { at: 'soon' }],
    ['a name of control characters', { key: { ...KEY, owner: 'a\u0007' } }],
    ['a wave behind the last', { rollout: { waves: [['a']], wave: 1, maxMachines: 0, isHalted: false } }],
    ['too many texts to replace', { over: Array.from({ length: 65 }, () => 'none') }],
  ])('a value is malformed with %s, although it is signed', (_, known) => {
    expect(readValue(encodeValue(signedBy(editor, known))).type).toBe('malformed');
  });

  it('a value comes back from its text as it was', () => {
    const value = signedBy(editor, {
      succeeds: [verifiedOf(signedBy(editor)).id],
      text: '# “ä”\t\r\nallow: []\n',
    });
    expect(readValue(encodeValue(value))).toEqual({ type: 'value', value });
  });
});

describe('a rollout', () => {
  const rollout = { waves: [['a'], ['b'], ['*']], wave: 1, maxMachines: 0, isHalted: false };

  it('a rollout reaches the machines of its waves so far, and no other', () => {
    expect(['a', 'b', 'c'].map(machine => isForMachine({ rollout }, machine))).toEqual([true, true, false]);
    expect(isForMachine({ rollout: { ...rollout, wave: 2 } }, 'c')).toBe(true);
    expect(isForMachine({ rollout: null }, 'c')).toBe(true);
  });
});

describe('a list of editors', () => {
  it('a list of editors has a key a line, a name behind it and comments', () => {
    const text = `# ours\n${editor.publicKey} Ann of ops # until May\n\n${stranger.publicKey}\n`;
    expect(readEditorKeys(text)).toEqual({
      type: 'keys',
      keys: [
        { key: editor.publicKey, label: 'Ann of ops' },
        { key: stranger.publicKey, label: stranger.publicKey },
      ],
    });
  });

  it('a list of editors trusts nobody where one line is no key', () => {
    const wrong = editor.publicKey.replace(/.$/, last => (last === 'A' ? 'B' : 'A'));
    expect(readEditorKeys(`${editor.publicKey}\n${wrong}\n`)).toMatchObject({ type: 'invalid', line: 2 });
  });
});

describe('an nkey', () => {
  it('an nkey has the bytes that the library of NATS has, and signs as it does', () => {
    for (let count = 0; count < 8; count++) {
      const pair = nkeys.createUser();
      const seed = new TextDecoder().decode(pair.getSeed());
      const signer = signerOf(seed);
      expect(signer?.publicKey).toBe(pair.getPublicKey());
      const signature = Buffer.from(pair.sign(Buffer.from('text'))).toString('hex');
      expect(signer?.sign('text')).toBe(signature);
      expect(publicKeyBytes(pair.getPublicKey())).toHaveLength(32);
      expect(seedBytes(pair.getPublicKey())).toBeNull();
      expect(publicKeyBytes(seed)).toBeNull();
    }
  });

  it('an nkey of an account or a server is none of a user', () => {
    expect(publicKeyBytes(nkeys.createAccount().getPublicKey())).toBeNull();
    expect(seedBytes(new TextDecoder().decode(nkeys.createAccount().getSeed()))).toBeNull();
  });
});
