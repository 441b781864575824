/** The longest text of a published policy, in UTF-16 units. */
export const MAX_POLICY_TEXT = 256 * 1024;
/** The longest reason of an edit, in UTF-16 units. */
export const MAX_REASON = 500;

/** Identifies a policy, and the machines that it is for: all of a group, or one machine. */
export interface PolicyKey {
  readonly tenant: string;
  readonly scope: 'group' | 'machine';
  /** The name of the group or the machine. */
  readonly owner: string;
  /** The policy's name, for machines with several policies. */
  readonly name: string;
}

/** The progress of a rollout. Machines of later waves keep their present policy. */
export interface Rollout {
  /** The machines of each wave. `*` in the last wave means all others. */
  readonly waves: readonly (readonly string[])[];
  /** The index of the current wave, from 0. */
  readonly wave: number;
  /** The rollout stops if hosts that were allowed before are denied on more machines than this. */
  readonly maxMachines: number;
  /** Whether the rollout was stopped. */
  readonly isHalted: boolean;
}

/**
 * A new text of a policy, published by an editor. Each value names the one before it, so that they form a hash chain. It is published only
 * with a signature.
 */
export interface UnsignedValue {
  readonly key: PolicyKey;
  readonly text: string;
  /** The editor's public key as a user nkey: `U` and 55 characters of base32. */
  readonly author: string;
  readonly reason: string;
  /** ISO time by the editor's clock. It does not determine the order of values. */
  readonly at: string;
  /** The hash of the value before this one, or `FIRST`. */
  readonly before: string;
  /**
   * Hashes of further values that this one may follow: earlier values at which a machine may have stayed, and policies that were a
   * machine's own.
   */
  readonly succeeds: readonly string[];
  /** Hashes of texts that machines may overwrite although no value put them there. */
  readonly over: readonly string[];
  /** Null: the value is for all machines at once. */
  readonly rollout: Rollout | null;
}

/** A value with the author's Ed25519 signature over all other fields, as 128 hex digits. */
export interface PolicyValue extends UnsignedValue {
  readonly signature: string;
}

/** Stands for the predecessor of the first value of a chain. */
export const FIRST = 'none';

/** A value with a verified signature. `id` is the hash by which the next value refers to it. */
export interface VerifiedValue {
  readonly id: string;
  readonly value: PolicyValue;
}

/** Whether the rollout of the value has reached this machine. */
export function isForMachine({ rollout }: Pick<UnsignedValue, 'rollout'>, machine: string): boolean {
  if (rollout === null) return true;
  const reached = rollout.waves.slice(0, rollout.wave + 1);
  return reached.some(wave => wave.includes(machine) || wave.includes('*'));
}
