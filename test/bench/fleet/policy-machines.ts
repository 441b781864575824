import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  inFile,
  PolicyFollower,
  type FollowingMachine,
} from '../../../src/commands/fleet/policy/policy-follower.ts';
import { ValueInForce } from '../../../src/commands/fleet/policy/value-in-force.ts';
import { chooseValue } from '../../../src/core/fleet/choose-value.ts';
import { heldAfter } from '../../../src/core/fleet/descent.ts';
import type { JudgedValue } from '../../../src/core/fleet/judge-value.ts';
import type { Followed } from '../../../src/policy-file/following/follow-values.ts';
import type { TakenValue } from '../../../src/policy-file/following/held-policy.ts';
import { PolicyFile } from '../../../src/policy-file/policy-file.ts';
import { revision } from '../../../src/policy-file/read.ts';
import { systemNamed } from '../../../src/reading/selection.ts';
import { connectNats } from '../../../src/sources/nats/connect.ts';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { TENANT } from './simulated-machine.ts';

/*
 * A process of many machines, on a few connections. They follow by the code of `ship`: it hears the key, asks for the value, verifies
 * it and answers. The mediator of each is made up: as soon as the file has a new text, a record says that it is read.
 */

/** Machines share so many connections. */
const CONNECTIONS = 8;

/** So many of them keep a file, as every machine does in life. */
const WITH_FILES = 50;
const POLICY = 'policy.yaml';

const [port = '', count = '', folder = ''] = process.argv.slice(2);
const system = systemNamed('egresstop');
const dialect = await system.dialect();
const links = await Promise.all(
  Array.from({ length: CONNECTIONS }, () =>
    connectNats(
      { scheme: 'nats', host: '127.0.0.1', port: Number(port), place: { type: 'fleet', tenant: TENANT } },
      { credentials: { user: { type: 'none' }, tls: null }, name: 'bench', isPatient: false },
    ),
  ),
);

function start(number: number): PolicyFollower {
  const machine = `machine-${number}`;
  const link = links[number % links.length];
  if (!link) throw new Error('there is a connection for each machine');
  const kept = number < WITH_FILES ? fileOf(machine) : new PolicyInMemory(machine);
  const path = `/etc/${POLICY}`;
  const follower: PolicyFollower = PolicyFollower.start({
    connection: link.connection,
    tenant: TENANT,
    group: 'all',
    policy: POLICY,
    following: kept,
    inForce: new ValueInForce(() => Promise.resolve({ path, dialect, system })),
    editors: join(folder, 'editors'),
    tell: text => {
      if (text.startsWith('policy saved'))
        setImmediate(() => observe(follower, mediatorReads(kept.revision)));
      else if (!/^policy (?:pending|acknowledged)/.test(text)) process.stderr.write(`${machine}: ${text}\n`);
    },
  });
  return follower;
}

/** How a machine keeps its policy, and the revision of what it keeps. */
type Keeping = FollowingMachine & { readonly revision: string };

function fileOf(machine: string): Keeping {
  const home = join(folder, machine);
  mkdirSync(home);
  const path = join(home, POLICY);
  const journal = join(home, 'journal.jsonl');
  const file = new PolicyFile({ path, dialect, journal, actor: machine, now: Date.now });
  const following = inFile({ file, path, memory: join(home, 'held.json'), machine, now: Date.now });
  return new Noting(following);
}

/** Remembers the revision that a machine has come to. */
class Noting implements Keeping {
  readonly machine: string;
  readonly now = Date.now;
  readonly #of: FollowingMachine;
  revision = '';

  constructor(of: FollowingMachine) {
    [this.machine, this.#of] = [of.machine, of];
  }

  async follow(newest: readonly JudgedValue[]): Promise<Followed> {
    const followed = await this.#of.follow(newest);
    this.revision = followed.revision;
    return followed;
  }
}

/** A policy that is chosen as in a file, and kept in memory: a thousand machines here share one disk and two processors. */
class PolicyInMemory implements Keeping {
  readonly machine: string;
  readonly now = Date.now;
  #taken: TakenValue | null = null;
  #text: string | null = null;

  constructor(machine: string) {
    this.machine = machine;
  }

  get revision(): string {
    return this.#taken?.revision ?? 'none';
  }

  follow(newest: readonly JudgedValue[]): Promise<Followed> {
    const choice = chooseValue({ machine: this.machine, held: this.#taken, newest });
    if (choice.type === 'take') {
      const { value } = choice;
      const held = heldAfter(this.#taken, [value]) ?? { id: value.id, earlier: [] };
      const { text } = value.value;
      this.#taken = { ...held, revision: revision(text), at: Date.now(), replaced: this.#text };
      this.#text = text;
    }
    const [taken, text] = [this.#taken, this.#text];
    const seen = 'value' in choice ? choice.value.id : null;
    const standing = choice.type === 'take' || choice.type === 'held' ? 'saved' : 'pending';
    return Promise.resolve({ standing, seen, taken, revision: this.revision, text, detail: '' });
  }
}

/** The record that a mediator writes when it has read a new text. */
function mediatorReads(read: string): string {
  const ts = new Date().toISOString();
  return JSON.stringify({ mediator: 'egresstop', event: 'egress_policy_applied', ts, revision: read });
}

function observe(follower: PolicyFollower, line: string): void {
  const decoded = decodeLine(line, { source: 'audit.jsonl', agent: null }, [system]);
  if (decoded.type !== 'event') throw new Error(`no record of a mediator: ${line}`);
  follower.observe(decoded.event);
}

const followers = Array.from({ length: Number(count) }, (_, number) => start(number));
process.on('disconnect', () => {
  void Promise.all(followers.map(follower => follower.stop())).then(() => process.exit(0));
});
process.send?.('ready');
