import { COUNTER_ROOT } from '../../core/fleet/counters/counter-subject.ts';
import { tokenOf } from '../../core/fleet/counters/token.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { isName } from '../../core/fleet/names.ts';
import { REPORT_STREAM, reportSubject } from '../../core/fleet/policy-subject.ts';
import { plural } from '../../core/grouped.ts';
import { connectNats } from '../../sources/nats/connect.ts';
import { COUNTER_STREAM } from '../../sources/nats/counter-stream.ts';
import type { NatsFlags } from '../../sources/nats/credential-files.ts';
import { RECORD_STREAM } from '../../sources/nats/fleet-streams.ts';
import { countMessages, removeMessages, type SubjectsOfStream } from '../../sources/nats/forget-subjects.ts';
import { fleetTenant, parseNatsAddress } from '../../sources/nats/nats-address.ts';
import { note, Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { natsCredentials } from './nats-options.ts';

/** The flags of `fleet forget`. */
export interface ForgetOptions extends NatsFlags {
  readonly yes?: true;
}

/** Removes the counters, records and answers of a machine from the server. Without `--yes` it says what it would remove, and exits with 1. */
export async function forget(address: string, machine: string, options: ForgetOptions): Promise<number> {
  const server = parseNatsAddress(address);
  const tenant = fleetTenant(server);
  if (!isName(machine)) throw misuse(`${machine} cannot be the name of a machine`);
  const credentials = await natsCredentials(options, placesOf(undefined));
  const link = await connectNats(server, { credentials, name: 'egresstop fleet forget', isPatient: false });
  const output = new Output();
  try {
    const parts = partsOf(tenant, machine);
    let found = 0;
    for (const { words, ...where } of parts) {
      const count = await (options.yes ? removeMessages : countMessages)(link.connection, where);
      found += count;
      await output.line(`${words}: ${plural(count, 'message')}${options.yes ? ' removed' : ''}`);
    }
    await output.flush();
    if (found === 0) throw new Failure(`the server has nothing of ${machine}`);
    if (options.yes) return 0;
    note(`nothing was removed yet: totals of the fleet would lack ${machine} (repeat it with --yes)`);
    return 1;
  } finally {
    await link.close();
  }
}

function partsOf(
  tenant: string,
  machine: string,
): readonly (SubjectsOfStream & { readonly words: string })[] {
  const own = `${tokenOf(tenant)}.${tokenOf(machine)}`;
  return [
    { words: 'counters', stream: COUNTER_STREAM, subjects: `${COUNTER_ROOT}.${own}.>` },
    { words: 'records', stream: RECORD_STREAM, subjects: `egress.log.${own}` },
    { words: 'answers on policies', stream: REPORT_STREAM, subjects: reportSubject({ tenant, machine }) },
  ];
}
