import { isDecision, type Decision, type EgressEvent, type Verdict } from '../../event.ts';
import {
  HOSTS_A_MACHINE,
  NAME_LENGTH,
  rowKey,
  SHARD_BYTES,
  SHARDS,
  shardOf,
  type CounterPlace,
  type CounterRow,
  type LedgerCounts,
  type LedgerDocument,
  type LedgerFile,
  type ShardDocument,
} from './counter-document.ts';

/** Stands for a tool or agent whose name is too long, or whose own row does not fit into the limits. */
const OTHER_NAME = '(other)';
/** The most bytes of a row without its names. */
const ROW_BYTES = 96;

/** The limits of a machine's counters. */
export interface CounterLimits {
  readonly hosts: number;
  readonly shardBytes: number;
}

const LIMITS: CounterLimits = { hosts: HOSTS_A_MACHINE, shardBytes: SHARD_BYTES };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Row = Mutable<CounterRow>;

/** The counters of one shard. */
interface Shard {
  readonly rows: Map<string, Row>;
  readonly folded: Map<string, Row>;
  bytes: number;
  decisions: number;
  sequence: number;
  files: ShardDocument['files'];
  isChanged: boolean;
}

/** The fields of a ledger that are no counts. */
export type LedgerNotes = Pick<LedgerDocument, 'run' | 'everyMs' | 'policy'>;

/** Whether a shard may count a record. Another epoch may have counted the record for some of the shards. */
export type WantedShards = (shard: number) => boolean;

const ALL: WantedShards = () => true;
const NOTHING: LedgerCounts = {
  lines: 0,
  unreadable: 0,
  unrecognised: 0,
  info: 0,
  lostFiles: 0,
  lostBytes: 0,
  folded: 0,
};

/** The shard number that stands for the ledger's own counts. */
export const LEDGER_SHARD = SHARDS;

/**
 * The counters of one machine in one epoch. Counts only grow, a host with a row keeps it, and a folded host stays folded. So the document
 * with a shard's highest sequence holds all that earlier ones held.
 */
export class MachineCounters {
  readonly place: CounterPlace;
  readonly after: LedgerDocument['after'];
  readonly #limits: CounterLimits;
  readonly #shards: readonly Shard[];
  readonly #hosts = new Set<string>();
  #ledger: Mutable<LedgerCounts> = { ...NOTHING };
  #files: readonly LedgerFile[] = [];
  #sequence = 0;

  constructor(place: CounterPlace, after: LedgerDocument['after'] = null, limits: CounterLimits = LIMITS) {
    [this.place, this.after, this.#limits] = [place, after, limits];
    this.#shards = Array.from({ length: SHARDS }, emptyShard);
  }

  /** The counters restored from published documents. */
  static of(ledger: LedgerDocument, shards: readonly ShardDocument[]): MachineCounters {
    const { tenant, machine, epoch, after, sequence, files } = ledger;
    const counters = new MachineCounters({ tenant, machine, epoch }, after);
    for (const document of shards) counters.#restore(document);
    const { lines, unreadable, unrecognised, info, lostFiles, lostBytes, folded } = ledger;
    counters.#ledger = { lines, unreadable, unrecognised, info, lostFiles, lostBytes, folded };
    [counters.#sequence, counters.#files] = [sequence, files];
    return counters;
  }

  #restore({ shard: number, rows, folded, sequence, files }: ShardDocument): void {
    const shard = this.#shards[number];
    if (!shard) return;
    for (const row of rows) this.#keep(shard, { ...row });
    for (const row of folded) shard.folded.set(rowKey(row), { ...row });
    for (const row of [...rows, ...folded]) if (row.verdict !== null) shard.decisions += row.count;
    [shard.sequence, shard.files] = [sequence, files];
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Counts a record in the shards that `isWanted` accepts. */
  count(event: EgressEvent, isWanted: WantedShards = ALL): void {
    const { at, bytes } = event;
    if (!isDecision(event)) {
      if (isWanted(LEDGER_SHARD)) this.#ledger.info += 1;
      if (event.host !== null && wholeBytes(bytes) > 0) this.#add(event, { count: 0, at: null }, isWanted);
      return;
    }
    this.#add(event, { count: 1, at }, isWanted);
  }

  /** Counts equal decisions. `decision.bytes` is their sum. */
  countAlike(decision: Decision, count: number): void {
    this.#add(decision, { count, at: decision.at }, ALL);
  }

  #add(
    event: EgressEvent,
    { count, at }: { readonly count: number; readonly at: number | null },
    isWanted: WantedShards,
  ): void {
    const number = shardOf(event.host ?? '');
    const shard = this.#shards[number];
    if (!shard || !isWanted(number)) return;
    const row = this.#rowFor(shard, event);
    row.count += count;
    row.bytes += wholeBytes(event.bytes);
    if (at !== null) {
      row.first = Math.min(row.first ?? at, at);
      row.last = Math.max(row.last ?? at, at);
    }
    shard.decisions += count;
    shard.isChanged = true;
  }

  #rowFor(shard: Shard, { host, tool, agent, verdict }: EgressEvent): Row {
    const exact = blankRow({ host, tool: nameFor(tool), agent: nameFor(agent), verdict });
    const summed = blankRow({ host, tool: OTHER_NAME, agent: OTHER_NAME, verdict });
    if (host === null || host.length <= NAME_LENGTH)
      for (const wanted of [exact, summed]) {
        const row = shard.rows.get(rowKey(wanted)) ?? this.#fitted(shard, wanted);
        if (row) return row;
      }
    return this.#folded(shard, verdict);
  }

  /** Stores the row; null where a limit is reached. */
  #fitted(shard: Shard, row: Row): Row | null {
    const isNewHost = row.host !== null && !this.#hosts.has(row.host);
    if (isNewHost && this.#hosts.size >= this.#limits.hosts) return null;
    return shard.bytes + bytesOf(row) > this.#limits.shardBytes ? null : this.#keep(shard, row);
  }

  #keep(shard: Shard, row: Row): Row {
    if (row.host !== null) this.#hosts.add(row.host);
    shard.bytes += bytesOf(row);
    shard.rows.set(rowKey(row), row);
    return row;
  }

  #folded(shard: Shard, verdict: Verdict | null): Row {
    if (verdict !== null) this.#ledger.folded += 1;
    const wanted = blankRow({ host: null, tool: null, agent: null, verdict });
    const row = shard.folded.get(rowKey(wanted)) ?? wanted;
    shard.folded.set(rowKey(row), row);
    return row;
  }

  /** Adds to the ledger's counts. */
  note(found: Partial<LedgerCounts>): void {
    for (const [field, count] of Object.entries(found) as [keyof LedgerCounts, number][])
      this.#ledger[field] += count;
  }

  /** Ends a round of counting. All counts up to these places in the files form one state, with the next sequence number. */
  commit(files: readonly LedgerFile[]): void {
    this.#sequence += 1;
    this.#files = files;
    for (const shard of this.#shards) {
      if (!shard.isChanged) continue;
      [shard.sequence, shard.isChanged] = [this.#sequence, false];
      shard.files = files.map(({ id, offset }) => ({ id, offset }));
    }
  }

  /** The documents of the shards that changed after a sequence. Call it right after `commit`. */
  shardsSince(sequence: number, sent: number): readonly ShardDocument[] {
    return this.#shards.flatMap((shard, number) =>
      shard.sequence <= sequence
        ? []
        : [
            {
              type: 'shard' as const,
              ...this.place,
              shard: number,
              sequence: shard.sequence,
              sent,
              files: shard.files,
              rows: [...shard.rows.values()].map(row => ({ ...row })),
              folded: [...shard.folded.values()].map(row => ({ ...row })),
            },
          ],
    );
  }

  /** The ledger as of the last commit. */
  ledger(notes: LedgerNotes, sent: number): LedgerDocument {
    return {
      type: 'ledger',
      ...this.place,
      sequence: this.#sequence,
      sent,
      ...notes,
      after: this.after,
      files: this.#files,
      shards: this.#shards.map(({ sequence, decisions }) => ({ sequence, decisions })),
      ...this.#ledger,
    };
  }
}

const emptyShard = (): Shard => ({
  rows: new Map(),
  folded: new Map(),
  bytes: 0,
  decisions: 0,
  sequence: 0,
  files: [],
  isChanged: false,
});

const blankRow = (named: Pick<CounterRow, 'host' | 'tool' | 'agent' | 'verdict'>): Row => ({
  ...named,
  count: 0,
  bytes: 0,
  first: null,
  last: null,
});

const nameFor = (name: string | null): string | null =>
  name === '' ? null : name !== null && name.length > NAME_LENGTH ? OTHER_NAME : name;

/** A record may claim any number: a fraction is rounded down, and an invalid number is 0. */
const wholeBytes = (bytes: number | null): number =>
  bytes !== null && bytes > 0 ? Math.min(Math.floor(bytes), 2 ** 50) : 0;

/** An upper bound of the row's size as JSON, where a character takes at most 6 bytes. */
const bytesOf = ({ host, tool, agent }: CounterRow): number =>
  ROW_BYTES + jsonBytes(host) + jsonBytes(tool) + jsonBytes(agent);

const jsonBytes = (name: string | null): number =>
  name === null ? 4 : /^[ !#-[\]-~]*$/.test(name) ? name.length + 2 : name.length * 6 + 2;
