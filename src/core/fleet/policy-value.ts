/** The longest text of a policy that travels, in UTF-16 units. */
export const MAX_POLICY_TEXT = 256 * 1024;
/** The longest reason of an edit, in UTF-16 units. */
export const MAX_REASON = 500;

/** Which policy of which machines: all of a group, or a single machine. */
export interface PolicyKey {
  readonly tenant: string;
  readonly scope: 'group' | 'machine';
  /** The name of the group or of the machine. */
  readonly owner: string;
  /** The policy's own name, where machines have several. */
  readonly name: string;
}

/** How far a value has been rolled out. Machines of later waves keep what they hold. */
export interface Rollout {
  /** Names of machines, wave by wave. `*` in the last wave: all others. */
  readonly waves: readonly (readonly string[])[];
  /** The wave that is under way, from 0. */
  readonly wave: number;
  /** It stops where hosts allowed before are denied on more machines than this. */
  readonly maxMachines: number;
  /** The author of the advance stopped it. */
  readonly isHalted: boolean;
}

/** An editor's order: this text is the policy from now on. It is one link of a chain, and is always signed. */
export interface UnsignedValue {
  readonly key: PolicyKey;
  readonly text: string;
  /** The editor's public key, an nkey of a user: `U` and 55 characters of base32. */
  readonly author: string;
  readonly reason: string;
  /** ISO, by the editor's clock: it orders nothing. */
  readonly at: string;
  /** The hash of the value before, or `FIRST`. */
  readonly before: string;
  /**
   * Hashes of more values that this one may follow. They are earlier values that a machine may have stayed at, and policies that were a
   * machine's own.
   */
  readonly succeeds: readonly string[];
  /** Revisions of texts that a machine may replace by this one although it did not write them. */
  readonly over: readonly string[];
  /** Null: it is for every machine at once. */
  readonly rollout: Rollout | null;
}

/** A value with the signature of its author over all the rest, in 128 hex digits. */
export interface PolicyValue extends UnsignedValue {
  readonly signature: string;
}

/** The name of the value before the first of a chain. */
export const FIRST = 'none';

/** A value whose signature was verified, with the hash by which the next value names it. */
export interface VerifiedValue {
  readonly id: string;
  readonly value: PolicyValue;
}

/** Whether the value is for this machine already. */
export function isForMachine({ rollout }: Pick<UnsignedValue, 'rollout'>, machine: string): boolean {
  if (rollout === null) return true;
  const reached = rollout.waves.slice(0, rollout.wave + 1);
  return reached.some(wave => wave.includes(machine) || wave.includes('*'));
}
