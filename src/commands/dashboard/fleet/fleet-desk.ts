import { Failure } from '../../../core/failure.ts';
import type { FleetCounters } from '../../../core/fleet/counters/fleet-counters.ts';
import { fleetTenant } from '../../../sources/nats/nats-address.ts';
import { connectNats, type NatsLink } from '../../../sources/nats/connect.ts';
import { type FleetSession, trusted } from '../../fleet/policy/fleet-session.ts';
import { type FleetUses, fleetUses, usesIn } from '../../fleet/policy/fleet-uses.ts';
import { type OpenPolicy, openPolicy } from '../../fleet/policy/open-policy.ts';
import { natsCredentials } from '../../fleet/nats-options.ts';
import { placesOf } from '../../places.ts';
import type { FleetPolicyTarget } from './fleet-target.ts';

const AWAY = new Failure('the server is away: nothing can be edited without it');

/** The connection to a fleet's server that the dashboard reads and edits a policy by. It is made again for ever. */
export class FleetDesk {
  readonly target: FleetPolicyTarget;
  /** The counters that the dashboard holds; null before they are followed. */
  counters: FleetCounters | null = null;
  readonly #stopping = new AbortController();
  #session: FleetSession | null = null;
  #connecting: Promise<FleetSession> | null = null;

  constructor(target: FleetPolicyTarget) {
    this.target = target;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** The session, once the server was reached. */
  session(): Promise<FleetSession> {
    return (this.#connecting ??= this.#connect());
  }

  async #connect(): Promise<FleetSession> {
    const { address, flags, signer } = this.target;
    const places = placesOf(undefined);
    const editors = await trusted(flags, places, signer);
    const link = await connectNats(address, {
      credentials: await natsCredentials(flags, places),
      name: 'egresstop',
      isPatient: true,
      signal: this.signal,
      onState: () => undefined,
    });
    this.#session = sessionOn(link, { tenant: fleetTenant(address), editors });
    return this.#session;
  }

  /** The policy as the server has it now. Throws a failure where the server is away. */
  async open(): Promise<OpenPolicy> {
    if (!this.#session?.link.isUp()) throw AWAY;
    return openPolicy(this.#session, this.target.key, { system: this.target.system.name });
  }

  /** The hosts that machines counted, as far as the dashboard holds them. */
  async uses(): Promise<FleetUses> {
    if (this.counters) return usesIn(this.counters);
    const { link, tenant } = await this.session();
    return fleetUses(link, tenant);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting?.catch(() => undefined); // it was told where it was asked for
    await this.#session?.link.close();
  }
}

const sessionOn = (
  link: NatsLink,
  { tenant, editors }: Pick<FleetSession, 'tenant' | 'editors'>,
): FleetSession => ({
  link,
  connection: link.connection,
  tenant,
  editors,
  [Symbol.asyncDispose]: () => link.close(),
});
