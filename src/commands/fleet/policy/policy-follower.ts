import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { EgressEvent } from '../../../core/event.ts';
import { readEditorKeys, type EditorKey } from '../../../core/fleet/editor-keys.ts';
import { judgeValue, type JudgedValue } from '../../../core/fleet/judge-value.ts';
import { encodeReport, type Standing } from '../../../core/fleet/policy-report.ts';
import { POLICY_STREAM, policySubject, reportSubject } from '../../../core/fleet/policy-subject.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import { Failure } from '../../../core/failure.ts';
import { toIso } from '../../../core/time.ts';
import {
  type Followed,
  type FollowingFile,
  followValues,
} from '../../../policy-file/following/follow-values.ts';
import { newestMessage } from '../../../sources/nats/stored-messages.ts';
import { storeMessage } from '../../../sources/nats/store-message.ts';
import { CRYPTOGRAPHY } from './cryptography.ts';
import type { ValueInForce } from './value-in-force.ts';

/** A machine that takes values, and keeps what it took. */
export interface FollowingMachine {
  readonly machine: string;
  /** Unix ms. */
  readonly now: () => number;
  /** Takes what it may of the newest values of its keys, and says how it then stands. */
  readonly follow: (newest: readonly JudgedValue[]) => Promise<Followed>;
}

/** The machine that keeps the policy in a file. */
export const inFile = (following: FollowingFile): FollowingMachine => ({
  machine: following.machine,
  now: following.now,
  follow: async newest => {
    await following.file.expire();
    return followValues(following, newest);
  },
});

/** Which machine follows, what, and whom it trusts. */
export interface FollowOptions {
  readonly connection: NatsConnection;
  readonly tenant: string;
  readonly group: string | null;
  /** The policy's name. */
  readonly policy: string;
  readonly following: FollowingMachine;
  readonly inForce: ValueInForce;
  /** The file that lists the editors. It is read again at each look, so that a key that is taken out counts no more. */
  readonly editors: string;
  /** Hears what a person should know: each change of how the machine stands, and what fails. */
  readonly tell: (text: string) => void;
}

const LOOK_MS = 60_000;
/** A put is heard before the server has stored it, or refused it: the value is asked for after these pauses. */
const AFTER_PUT_MS = [20, 50, 250, 1_000] as const;

/**
 * Keeps a policy file as the fleet's editors have it, and says so to the server. A message on a key's subject is only a hint to look. A put
 * that the server refuses is heard there too, so only the value in the bucket is followed.
 */
export class PolicyFollower {
  readonly #options: FollowOptions;
  readonly #keys: readonly PolicyKey[];
  readonly #subscriptions: Subscription[] = [];
  readonly #stopped = new AbortController();
  #work: Promise<unknown> = Promise.resolve();
  /** The value of each key that was judged last: it is looked at again more often than it changes. */
  readonly #judged = new Map<PolicyKey, { readonly of: string; readonly judged: JudgedValue }>();
  /** The values of the keys at the last look. */
  #newest: readonly JudgedValue[] = [];
  #said: string | null = null;
  #told = '';
  #followed: Followed | null = null;

  private constructor(options: FollowOptions) {
    this.#options = options;
    const { tenant, group, policy: name, following } = options;
    this.#keys = [
      { tenant, scope: 'machine', owner: following.machine, name },
      ...(group === null ? [] : [{ tenant, scope: 'group', owner: group, name } as const]),
    ];
  }

  /** Starts to follow, and looks at once. */
  static start(options: FollowOptions): PolicyFollower {
    const follower = new PolicyFollower(options);
    for (const key of follower.#keys) {
      const callback = (): void => void follower.#lookAfterPut();
      follower.#subscriptions.push(options.connection.subscribe(policySubject(key), { callback }));
    }
    void follower.#lookEachMinute();
    void follower.#lookOnReconnect();
    return follower;
  }

  /** Takes a record of the machine's mediator: it may prove that a value is in force. */
  observe(event: EgressEvent): void {
    const { inForce } = this.#options;
    if (inForce.observe(event)) void this.#do(() => this.#standProven());
  }

  /** How the machine stands; null while it has not looked. */
  get standing(): Standing | null {
    return this.#followed && this.#options.inForce.standingOf(this.#followed).standing;
  }

  /** Looks at the newest values now, and says how the machine stands. */
  look(): Promise<void> {
    return this.#do(() => this.#lookOnce());
  }

  #do(work: () => Promise<void>): Promise<void> {
    const next = this.#work.then(work);
    this.#work = next;
    return next;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    await this.#work;
  }

  async #lookEachMinute(): Promise<void> {
    while (await this.#waits(LOOK_MS, this.look())) continue;
  }

  async #lookAfterPut(): Promise<void> {
    for (const ms of AFTER_PUT_MS) {
      const before = this.#followed?.seen;
      if (!(await this.#waits(ms))) return;
      await this.look();
      if (this.#followed?.seen !== before) return;
    }
  }

  async #lookOnReconnect(): Promise<void> {
    for await (const { type } of this.#options.connection.status()) {
      if (this.#stopped.signal.aborted) return;
      if (type !== 'reconnect') continue;
      this.#said = null; // the server may have lost what it was told
      void this.look();
    }
  }

  /** Waits; false where it was stopped meanwhile. */
  async #waits(ms: number, first: Promise<void> = Promise.resolve()): Promise<boolean> {
    await first;
    await pause(ms, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => null);
    return !this.#stopped.signal.aborted;
  }

  #lookOnce(): Promise<void> {
    return this.#trying(async () => {
      const editors = await editorsIn(this.#options.editors);
      this.#newest = await this.#askFor(editors);
      await this.#stand(this.#newest);
    });
  }

  /** A record proves more of what the machine took. It says nothing new of the server's values, so that the server is not asked again. */
  #standProven(): Promise<void> {
    return this.#trying(() => this.#stand(this.#newest));
  }

  async #stand(newest: readonly JudgedValue[]): Promise<void> {
    this.#followed = await this.#options.following.follow(newest);
    await this.#options.inForce.follow(this.#followed);
    await this.#say(this.#followed);
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#tellOnce(`the policy cannot be followed now: ${error.message}`);
    }
  }

  async #askFor(editors: readonly EditorKey[]): Promise<readonly JudgedValue[]> {
    const { connection } = this.#options;
    const wires = await Promise.all(
      this.#keys.map(async key => {
        const subject = policySubject(key);
        return { key, wire: await newestMessage(connection, { stream: POLICY_STREAM, subject }) };
      }),
    );
    return wires.flatMap(({ key, wire }) => (wire === null ? [] : [this.#judge(wire, key, editors)]));
  }

  #judge(wire: string, key: PolicyKey, editors: readonly EditorKey[]): JudgedValue {
    const of = JSON.stringify([wire, editors]);
    const known = this.#judged.get(key);
    if (known?.of === of) return known.judged;
    const judged = judgeValue(wire, { key, editors, cryptography: CRYPTOGRAPHY });
    this.#judged.set(key, { of, judged });
    return judged;
  }

  async #say(followed: Followed): Promise<void> {
    const { connection, inForce, tenant, group, policy, following } = this.#options;
    const { standing, detail } = inForce.standingOf(followed);
    this.#tellOnce(`policy ${standing}${detail === '' ? '' : `: ${detail}`}`);
    const report = {
      tenant,
      machine: following.machine,
      group,
      policy,
      standing,
      seen: followed.seen,
      held: followed.taken?.id ?? null,
      revision: followed.revision,
      detail,
    };
    const said = JSON.stringify(report);
    if (said === this.#said) return;
    const text = encodeReport({ ...report, at: toIso(following.now()) });
    await storeMessage(connection, { subject: reportSubject(report), text });
    this.#said = said;
  }

  #tellOnce(text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    this.#options.tell(text);
  }
}

/** The editors that the file lists. Throws where it cannot be read, or one of its lines is no key. */
export async function editorsIn(path: string): Promise<readonly EditorKey[]> {
  const read = readEditorKeys(await readFile(path, 'utf8'));
  if (read.type === 'keys') return read.keys;
  throw new Failure(`${path}:${read.line}: ${read.why}; no editor is trusted`);
}
