import { setTimeout as pause } from 'node:timers/promises';
import type { FleetRecords } from '../../../app/state/fleet-view.ts';
import type { Counting } from '../../../app/counting.ts';
import type { EgressEvent } from '../../../core/event.ts';
import type { NatsLink } from '../../../sources/nats/connect.ts';
import { BatchReading } from '../../../sources/nats/records/batch-reading.ts';
import type { RecordLines } from '../../../sources/nats/records/stream-reading.ts';
import { streamTrouble } from '../../../sources/nats/stream-messages.ts';
import type { System } from '../../../systems/system.ts';
import { LineCounting } from '../counting/line-counting.ts';

/** The newest messages that are read at the start, compressed: several times as many records as are kept. */
const NEWEST_BYTES = 4 * 1024 * 1024;
/** How often a stream is asked for again that is not there, or that this user may not read. */
const AGAIN_MS = 5_000;

/** The fleet whose records are followed, and where they go. */
export interface RecordsFollowing {
  /** The address of the server, as it is shown. */
  readonly name: string;
  readonly tenant: string;
  readonly systems: readonly System[];
  readonly counting: Counting;
  /** Hears how the reading stands whenever that changes. */
  readonly tell: (records: FleetRecords) => void;
  readonly signal: AbortSignal;
}

/** Keeps the records that machines ship among the newest ones, until `signal` aborts. They count nothing, because the counters hold them. */
export async function followRecords(link: NatsLink, following: RecordsFollowing): Promise<void> {
  const { name, tenant, signal } = following;
  const keeping = new RecordKeeping(following);
  const reading = new BatchReading(name, tenant, { newestBytes: NEWEST_BYTES });
  while (!signal.aborted) {
    try {
      for await (const batch of reading.pass(link, signal)) {
        if (signal.aborted) return;
        keeping.take(batch);
        keeping.tell({ ...reading.read(), trouble: null });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (link.isUp()) {
        const { why, remedy } = streamTrouble(error, name).problem;
        keeping.tell({ ...reading.read(), trouble: `${why}: ${remedy ?? ''}` });
      }
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined); // it was stopped: the loop ends
    }
  }
}

class RecordKeeping {
  readonly #following: RecordsFollowing;
  readonly #lines: LineCounting;
  #denials = 0;

  constructor(following: RecordsFollowing) {
    this.#following = following;
    const { counting, systems, name } = following;
    // the ledgers of the machines count what cannot be read
    const notes = {
      addUnrecognised: (event: EgressEvent) => counting.keep(event),
      addProblem: counting.addProblem.bind(counting),
      addMalformed: counting.addProblem.bind(counting),
      addRead: (_: string, found: Parameters<Counting['addRead']>[1]) => counting.addRead(name, found),
    };
    this.#lines = new LineCounting(notes, { systems, selection: null });
  }

  take({ source, first, behind, lines }: RecordLines): void {
    if (source === undefined || lines.length === 0) return;
    this.#lines.lines({ source, first, lines, ...(behind ? { behind } : {}) }, event => {
      if (event.verdict === 'deny' || event.verdict === 'would-deny') this.#denials += 1;
      this.#following.counting.keep(event);
    });
  }

  tell(records: Omit<FleetRecords, 'denials'>): void {
    this.#following.tell({ ...records, denials: this.#denials });
  }
}
