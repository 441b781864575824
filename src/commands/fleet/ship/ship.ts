import { hostname } from 'node:os';
import { isName } from '../../../core/fleet/names.ts';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { Failure, misuse } from '../../../core/failure.ts';
import { parseDuration } from '../../../core/time.ts';
import { connectNats } from '../../../sources/nats/connect.ts';
import type { NatsFlags } from '../../../sources/nats/credential-files.ts';
import { fleetTenant, parseNatsAddress, shownAddress } from '../../../sources/nats/nats-address.ts';
import { nameOf } from '../../../sources/named/expand.ts';
import type { RecordChoice } from '../../../sources/nats/records/record-batch.ts';
import type { SourceSpec } from '../../../sources/source.ts';
import { resolveSources } from '../../../reading/resolve-sources.ts';
import { systemsFor, type SystemChoice } from '../../../reading/selection.ts';
import { withAgents } from '../../../reading/named-agents.ts';
import type { MetricsServer } from '../../metrics/serve-metrics.ts';
import type { ShipFigures } from '../../metrics/ship-metrics.ts';
import { note, noteProblem } from '../../output.ts';
import { ownJournal, placesOf } from '../../places.ts';
import { natsCredentials } from '../nats-options.ts';
import { MachinePolicy, type MachinePolicyFlags } from '../policy/machine-policy.ts';
import { shipStatePath } from './ship-state.ts';
import { RecordShipper } from './record-shipper.ts';
import { Shipper } from './shipper.ts';
import { Voyage } from './voyage.ts';

/** The flags of `ship`, as the command line gives them. */
export interface ShipOptions extends NatsFlags, SystemChoice, MachinePolicyFlags {
  readonly machine?: string;
  readonly once?: true;
  readonly metrics?: string;
  readonly every?: string;
  readonly stateDir?: string;
  readonly records?: RecordChoice | 'none';
}

const USUAL_EVERY = '60s';

/** Publishes what this machine's logs come to, again and again, or once with `--once`. Exit 0 when it was told to end, or all is stored. */
export async function ship([address, ...sources]: readonly string[], options: ShipOptions): Promise<number> {
  const server = parseNatsAddress(address ?? '');
  const tenant = fleetTenant(server);
  const machine = options.machine ?? hostname();
  if (!isName(machine)) throw misuse(`${machine} cannot be the name of a machine`, 'name it with --machine');
  const everyMs = everyOf(options.every ?? USUAL_EVERY);
  const places = placesOf(options.stateDir);
  const resolved = await resolveSources(sources, places);
  const specs = resolved.specs.filter(isFile);
  for (const spec of resolved.specs)
    if (!isFile(spec)) note(`${nameOf(spec)} is not shipped: only files can be counted exactly`);
  const policy = await MachinePolicy.open(options, { tenant, machine });
  if (specs.length === 0 && !policy)
    throw new Failure('there is no log to ship', 1, { remedy: 'name a SOURCE' });
  const systems = withAgents(systemsFor(options), resolved.agents);
  const shipper = await Shipper.start({
    tenant,
    machine,
    specs,
    systems,
    everyMs,
    statePath: shipStatePath(ownJournal(), tenant, machine),
    problem: noteProblem,
    now: Date.now,
    policy: () => policy?.standing ?? null,
    heard: event => policy?.observe(event),
  });
  const { records: holds = 'denials' } = options;
  const records =
    holds === 'none'
      ? null
      : new RecordShipper({ tenant, machine, specs, systems, holds, problem: noteProblem });
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const credentials = await natsCredentials(options, places);
  const voyage = new Voyage({ shipper, records, everyMs, signal: ending.signal });
  const metrics = await metricsOf(options.metrics, () => voyage.figures());
  if (metrics !== null) note(`metrics: ${metrics.url}`);
  const connecting = connectNats(server, {
    credentials,
    name: `egresstop ship ${machine}`,
    isPatient: true,
    signal: ending.signal,
    inboxPrefix: `_IN_${tokenOf(machine)}`,
    onState: state => voyage.heed(state),
  });
  connecting.then(
    link => {
      voyage.board(link);
      policy?.board(link.connection);
    },
    (error: unknown) => voyage.fail(error),
  );
  try {
    if (options.once !== true) note(`ships as ${machine} to ${shownAddress(server)}`);
    await (options.once === true ? voyage.once() : voyage.untilEnd());
    if (options.once === true) await policy?.look();
    return 0;
  } finally {
    ending.abort();
    await shipper.stop();
    await policy?.stop();
    await metrics?.close();
    await voyage.land();
  }
}

async function metricsOf(
  address: string | undefined,
  figures: () => ShipFigures,
): Promise<MetricsServer | null> {
  if (address === undefined) return null;
  const [{ serveMetrics }, { shipMetricsText }] = await Promise.all([
    import('../../metrics/serve-metrics.ts'),
    import('../../metrics/ship-metrics.ts'),
  ]);
  return serveMetrics(address, () => shipMetricsText(figures()));
}

const isFile = (spec: SourceSpec): boolean => spec.type === 'path' || spec.type === 'glob';

function everyOf(text: string): number {
  const everyMs = parseDuration(text);
  if (everyMs === null || everyMs < 1_000 || everyMs > 3_600_000)
    throw misuse(`--every wants a duration from 1s to 1h: ${text}`);
  return everyMs;
}
