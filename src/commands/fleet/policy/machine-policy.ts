import type { NatsConnection } from '@nats-io/transport-node';
import { basename, dirname, join } from 'node:path';
import type { EgressEvent } from '../../../core/event.ts';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { isName } from '../../../core/fleet/names.ts';
import { misuse } from '../../../core/failure.ts';
import { note } from '../../output.ts';
import { ownJournal, placesOf } from '../../places.ts';
import { openPolicyFile } from '../../policy/open-policy-file.ts';
import { policyTarget, type PolicyTarget } from '../../policy/policy-target.ts';
import { usualEditors } from './fleet-session.ts';
import { editorsIn, inFile, PolicyFollower } from './policy-follower.ts';
import { ValueInForce } from './value-in-force.ts';

/** The flags of `ship` by which a machine follows a policy. */
export interface MachinePolicyFlags {
  readonly policy?: string;
  readonly policyName?: string;
  readonly group?: string;
  readonly editors?: string;
  readonly system?: string;
}

/** The machine that follows a policy. */
interface Member {
  readonly tenant: string;
  readonly machine: string;
}

/** The policy file of a machine that ships: it follows the fleet's editors while there is a server. */
export class MachinePolicy {
  readonly #member: Member;
  readonly #target: PolicyTarget;
  readonly #editors: string;
  readonly #flags: MachinePolicyFlags;
  #follower: PolicyFollower | null = null;

  private constructor(
    member: Member,
    target: PolicyTarget,
    { editors, flags }: { readonly editors: string; readonly flags: MachinePolicyFlags },
  ) {
    [this.#member, this.#target, this.#editors, this.#flags] = [member, target, editors, flags];
  }

  /** Null where no policy file is named. A list of editors that cannot be read is a failure at once. */
  static async open(flags: MachinePolicyFlags, member: Member): Promise<MachinePolicy | null> {
    if (flags.policy === undefined) {
      if (flags.group !== undefined || flags.editors !== undefined || flags.policyName !== undefined)
        throw misuse('--group, --editors and --policy-name go with --policy', 'name the policy file');
      return null;
    }
    const editors = flags.editors ?? usualEditors(placesOf(undefined));
    if (editors === null) throw misuse('there is no list of editors', 'name it with --editors');
    const target = await policyTarget(flags.policy, flags.system);
    for (const name of [nameOf(target, flags), flags.group ?? 'all'])
      if (!isName(name)) throw misuse(`${JSON.stringify(name)} cannot be a name`);
    const count = (await editorsIn(editors)).length;
    if (count === 0)
      throw misuse(`${editors} lists no editor`, 'add a public key: egresstop fleet key show FILE');
    note(`${flags.policy} follows ${count === 1 ? 'one editor' : `${count} editors`} of ${editors}`);
    return new MachinePolicy(member, target, { editors, flags });
  }

  /** The server was reached for the first time. */
  board(connection: NatsConnection): void {
    const { path } = this.#target;
    const { tenant, machine } = this.#member;
    this.#follower ??= PolicyFollower.start({
      connection,
      tenant,
      group: this.#flags.group ?? null,
      policy: nameOf(this.#target, this.#flags),
      following: inFile({
        file: openPolicyFile(this.#target, Date.now),
        path,
        memory: join(
          dirname(ownJournal()),
          'follow',
          `${[tenant, machine, path].map(tokenOf).join('.')}.json`,
        ),
        machine,
        now: Date.now,
      }),
      inForce: new ValueInForce(() => policyTarget(path, this.#flags.system)),
      editors: this.#editors,
      tell: note,
    });
  }

  /** Takes a record of the logs that are shipped. */
  observe(event: EgressEvent): void {
    this.#follower?.observe(event);
  }

  /** How the machine stands, in one word; null while it has not looked. */
  get standing(): string | null {
    return this.#follower?.standing ?? null;
  }

  /** Looks once more, and waits for it. */
  async look(): Promise<void> {
    await this.#follower?.look();
  }

  async stop(): Promise<void> {
    await this.#follower?.stop();
  }
}

const nameOf = ({ path }: PolicyTarget, { policyName }: MachinePolicyFlags): string =>
  policyName ?? basename(path);
