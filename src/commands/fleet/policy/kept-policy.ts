import type { NatsConnection } from '@nats-io/transport-node';
import type { EditorKey } from '../../../core/fleet/editor-keys.ts';
import { type JudgedValue, judgeValue } from '../../../core/fleet/judge-value.ts';
import { POLICY_STREAM, policySubject } from '../../../core/fleet/policy-subject.ts';
import {
  FIRST,
  type PolicyKey,
  type UnsignedValue,
  type VerifiedValue,
} from '../../../core/fleet/policy-value.ts';
import { encodeValue, faultIn, MAX_SUCCEEDS, signedText } from '../../../core/fleet/policy-wire.ts';
import { Failure } from '../../../core/failure.ts';
import { storedMessages } from '../../../sources/nats/stored-messages.ts';
import { storeMessage } from '../../../sources/nats/store-message.ts';
import { CRYPTOGRAPHY, type Signer } from './cryptography.ts';

/** One message under a policy's key. */
export interface KeptMessage {
  readonly sequence: number;
  /** Unix ms, by the server. */
  readonly at: number;
  /** Null: the key was deleted. Machines ignore that. */
  readonly judged: JudgedValue | null;
}

/** A policy with its history, as the server keeps it. */
export interface KeptPolicy {
  readonly key: PolicyKey;
  /** Oldest first. */
  readonly messages: readonly KeptMessage[];
  /** The values that count, oldest first: a value that was put a second time counts where it was first. */
  readonly chain: readonly VerifiedValue[];
  /** The last of them. */
  readonly current: VerifiedValue | null;
  /** Why the newest message is not the current value; null where it is, or there is none. */
  readonly trouble: string | null;
}

/** Reads the history of a policy, and judges each value of it. */
export async function keptPolicy(
  { connection, editors }: { readonly connection: NatsConnection; readonly editors: readonly EditorKey[] },
  key: PolicyKey,
): Promise<KeptPolicy> {
  const found = await storedMessages(connection, {
    stream: POLICY_STREAM,
    subjects: policySubject(key),
    which: 'all',
  });
  const messages = found.map(({ sequence, at, text, isDeletion }) => ({
    sequence,
    at,
    judged: isDeletion ? null : judgeValue(text, { key, editors, cryptography: CRYPTOGRAPHY }),
  }));
  const chain = new Map<string, VerifiedValue>();
  for (const { judged } of messages)
    if (judged?.type === 'verified' && !chain.has(judged.verified.id))
      chain.set(judged.verified.id, judged.verified);
  const current = [...chain.values()].at(-1) ?? null;
  return { key, messages, chain: [...chain.values()], current, trouble: troubleOf(messages.at(-1), current) };
}

function troubleOf(newest: KeptMessage | undefined, current: VerifiedValue | null): string | null {
  if (!newest) return null;
  if (newest.judged === null) return 'the key was deleted; machines keep what they have';
  if (newest.judged.type === 'refused') return `the newest value is refused: ${newest.judged.why}`;
  return newest.judged.verified.id === current?.id
    ? null
    : 'an older value was put again; machines ignore it';
}

/** The part of a value that the values before do not give. */
export type Wish = Pick<UnsignedValue, 'text' | 'reason' | 'at'> &
  Partial<Pick<UnsignedValue, 'over' | 'rollout' | 'succeeds'>>;

/**
 * Signs the next value and stores it, if nobody was faster. `base`: the policy that it goes on from, where its own key has none yet. It
 * names all earlier values that are known, so that a machine that was away takes it in one step.
 */
export async function putValue(
  connection: NatsConnection,
  {
    kept,
    base = kept,
    signer,
    wish,
  }: {
    readonly kept: KeptPolicy;
    readonly base?: KeptPolicy | undefined;
    readonly signer: Signer;
    readonly wish: Wish;
  },
): Promise<VerifiedValue> {
  const { current } = base;
  const before = current?.id ?? FIRST;
  const earlier = [
    ...(wish.succeeds ?? []),
    ...base.chain.map(({ id }) => id).reverse(),
    ...(current?.value.succeeds ?? []),
  ];
  const unsigned: UnsignedValue = {
    over: [],
    rollout: null,
    ...wish,
    key: kept.key,
    author: signer.publicKey,
    before,
    succeeds: [...new Set(earlier)].filter(id => id !== before).slice(0, MAX_SUCCEEDS),
  };
  const value = { ...unsigned, signature: signer.sign(signedText(unsigned)) };
  const fault = faultIn(value);
  if (fault !== null) throw new Failure(`nothing was written: ${fault}`);
  const stored = await storeMessage(connection, {
    subject: policySubject(kept.key),
    text: encodeValue(value),
    after: kept.messages.at(-1)?.sequence ?? 0,
  });
  if (stored.type === 'outrun') throw new Outrun();
  return { id: CRYPTOGRAPHY.hash(signedText(value)), value };
}

/** Another value came first. */
export class Outrun extends Failure {
  constructor() {
    super('the policy changed while you looked; nothing was written', 1, {
      code: 'refused',
      remedy: 'look at it again, and repeat the edit',
    });
  }
}
