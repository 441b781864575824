import {
  SHARDS,
  type LedgerDocument,
  type ShardDocument,
} from '../../../core/fleet/counters/counter-document.ts';
import { COUNTER_ROOT } from '../../../core/fleet/counters/counter-subject.ts';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import type { CounterStream, LastStored } from '../../../sources/nats/counter-stream.ts';
import { printsOf, type CountedPlaces } from '../../../reading/resumed/counted-files.ts';

/** The counters of one machine on the server. */
export interface ServerHoldings {
  readonly epochs: readonly string[];
  /** The ledger of the newest epoch, and its number in the stream; null where there is none. */
  readonly ledger: { readonly document: LedgerDocument; readonly sequence: number } | null;
  /** How far that epoch counted the files. */
  readonly places: CountedPlaces;
}

/** The counters on the server, or why they cannot be told. */
export type Holdings =
  | { readonly type: 'holdings'; readonly holdings: ServerHoldings }
  | { readonly type: 'no-stream' }
  | { readonly type: 'failed'; readonly why: string };

/** The counters of one epoch as they stand on the server. */
interface StoredEpoch {
  readonly shards: readonly (ShardDocument | null)[];
  readonly ledger: ServerHoldings['ledger'];
}

/** Thrown within this file alone, where the server does not tell. */
class Untold extends Error {
  readonly answer: Exclude<Holdings, { type: 'holdings' }>;

  constructor(answer: Exclude<Holdings, { type: 'holdings' }>) {
    super(answer.type);
    this.answer = answer;
  }
}

/** Reads back what was published of a machine, subject by subject: a shipper may read nothing else. */
export async function readHoldings(
  stream: CounterStream,
  { tenant, machine }: { readonly tenant: string; readonly machine: string },
): Promise<Holdings> {
  const start = `${COUNTER_ROOT}.${tokenOf(tenant)}.${tokenOf(machine)}`;
  try {
    const { document } = await stored(stream, `${start}.epochs`);
    const epochs = document?.type === 'epochs' ? document.epochs : [];
    const newestFirst: StoredEpoch[] = [];
    for (const name of [...epochs].reverse()) {
      const epoch = await readEpoch(stream, `${start}.${tokenOf(name)}`);
      newestFirst.push(epoch);
      if (isWhole(epoch)) break;
    }
    const ledger = newestFirst[0]?.ledger ?? null;
    return { type: 'holdings', holdings: { epochs, ledger, places: placesIn(newestFirst) } };
  } catch (error) {
    if (error instanceof Untold) return error.answer;
    throw error;
  }
}

async function readEpoch(stream: CounterStream, start: string): Promise<StoredEpoch> {
  const shards: (ShardDocument | null)[] = [];
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const { document } = await stored(stream, `${start}.${shard}`);
    shards.push(document?.type === 'shard' ? document : null);
  }
  const { document, sequence } = await stored(stream, `${start}.ledger`);
  return { shards, ledger: document?.type === 'ledger' ? { document, sequence } : null };
}

async function stored(
  stream: CounterStream,
  subject: string,
): Promise<Extract<LastStored, { type: 'found' }>> {
  const found = await stream.last(subject);
  if (found.type !== 'found') throw new Untold(found);
  return found;
}

const isWhole = ({ ledger, shards }: StoredEpoch): boolean =>
  ledger?.document.shards.every(({ sequence }, number) => sequence === 0 || shards[number]) ?? false;

/**
 * How far each shard was counted. A shard that did not change since the ledger's commit holds all up to the ledger's places. One that
 * was published later, before the shipper died, holds all up to its own. One that was never published stands where the epoch before
 * left it.
 */
function placesIn(newestFirst: readonly StoredEpoch[]): CountedPlaces {
  const ofShard = (number: number): CountedPlaces[number] => {
    for (const { shards, ledger } of newestFirst) {
      const [shard, marked] = [shards[number] ?? null, ledger?.document.shards[number]?.sequence ?? null];
      if (marked !== null && marked === (shard?.sequence ?? 0)) return printsOf(ledger?.document.files ?? []);
      if (shard) return printsOf(shard.files);
    }
    return [];
  };
  const known = newestFirst.find(({ ledger }) => ledger !== null)?.ledger ?? null;
  return [
    ...Array.from({ length: SHARDS }, (_, number) => ofShard(number)),
    printsOf(known?.document.files ?? []),
  ];
}
