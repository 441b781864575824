import { nkeys } from '@nats-io/transport-node';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerOf } from '../../../src/commands/fleet/policy/cryptography.ts';
import { keptPolicy, putValue } from '../../../src/commands/fleet/policy/kept-policy.ts';
import { readReport } from '../../../src/core/fleet/policy-report.ts';
import { reportSubjects } from '../../../src/core/fleet/policy-subject.ts';
import { connectNats, type NatsLink } from '../../../src/sources/nats/connect.ts';
import { until } from '../../until.ts';
import { forked } from './forked.ts';
import type { FleetServer } from './fleet-server.ts';
import { TENANT } from './simulated-machine.ts';

const EDITS = 5;
const DEADLINE_MS = 20_000;
/** Each machine has a disk of its own in life: here the files of all are in memory, where there is such a folder. */
const IN_MEMORY = '/dev/shm';
const POLICY = { scope: 'group', owner: 'all', name: 'policy.yaml' } as const;

/** Milliseconds from Enter on an edit to the word of each machine that its mediator reads the new text: all machines of all edits. */
export async function editLatencies({ port }: FleetServer, machines: number): Promise<readonly number[]> {
  const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'egresstop-bench-machines-'));
  const signer = signerOf(new TextDecoder().decode(nkeys.createUser().getSeed()));
  if (!signer) throw new Error('the library made a seed that is none');
  writeFileSync(join(folder, 'editors'), `${signer.publicKey} ann\n`);
  const link = await connectNats(
    { scheme: 'nats', host: '127.0.0.1', port, place: { type: 'fleet', tenant: TENANT } },
    { credentials: { user: { type: 'none' }, tls: null }, name: 'bench', isPatient: false },
  );
  const heard = new Heard(link);
  const process = await forked('policy-machines.ts', [`${port}`, `${machines}`, folder]);
  try {
    await heard.from(machines, 'pending', null);
    const editors = [{ key: signer.publicKey, label: 'ann' }];
    const key = { tenant: TENANT, ...POLICY };
    const latencies: number[] = [];
    for (let edit = 0; edit < EDITS; edit += 1) {
      const pressedAt = performance.now();
      const kept = await keptPolicy({ connection: link.connection, editors }, key);
      const { id } = await putValue(link.connection, {
        kept,
        signer,
        wish: {
          text: `allow:\n  - host-${edit}.example\n`,
          reason: `edit ${edit}`,
          at: new Date().toISOString(),
        },
      });
      const moments = await heard.from(machines, 'acknowledged', id);
      latencies.push(...moments.map(moment => moment - pressedAt));
    }
    return latencies;
  } finally {
    await process.end();
    await link.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When machines said what. */
class Heard {
  /** By standing and value, the moment of each machine's first word. */
  readonly #moments = new Map<string, Map<string, number>>();

  constructor({ connection }: NatsLink) {
    connection.subscribe(reportSubjects(TENANT), {
      callback: (_, message) => {
        const report = readReport(message.string());
        if (!report) return;
        const said = `${report.standing} ${report.held}`;
        const moments = this.#moments.get(said) ?? new Map<string, number>();
        this.#moments.set(said, moments);
        if (!moments.has(report.machine)) moments.set(report.machine, performance.now());
      },
    });
  }

  /** Waits until so many machines said it. */
  async from(machines: number, standing: string, value: string | null): Promise<readonly number[]> {
    const moments = (): ReadonlyMap<string, number> =>
      this.#moments.get(`${standing} ${value}`) ?? new Map<string, number>();
    await until(() => moments().size >= machines, {
      deadlineMs: DEADLINE_MS,
      describe: () => `${moments().size} of ${machines} machines say ${standing}`,
    });
    return [...moments().values()];
  }
}
