import { plural } from '../../core/grouped.ts';
import type { PartialLog } from '../../core/completeness.ts';
import type { RecordBatch } from '../../sources/nats/records/record-batch.ts';
import { parsePrint } from '../resumed/file-content.ts';

/** A batch as it came, with its place in the stream. */
export interface ArrivedBatch {
  readonly sequence: number;
  /** When the server stored it, unix ms. */
  readonly at: number;
  readonly machine: string;
  /** The sequence of the machine's batch before it, by its shipper's word; 0 for none; null where the message does not say. */
  readonly before: number | null;
  readonly batch: RecordBatch;
}

/** The records of one machine, up to where they are in the archive. */
interface Machine {
  /** The sequence of its newest batch; null once the stream is another one. */
  readonly last: number | null;
  /** Marks of its files. */
  readonly marks: readonly string[];
  /** It ships again what the archive may have. */
  readonly isAgain: boolean;
}

/** Whether a batch is new to an archive. `overlaps`: the archive may have its first lines, of at most so many bytes. */
export type Novelty =
  | { readonly type: 'new' }
  | { readonly type: 'known' }
  | { readonly type: 'overlaps'; readonly bytes: number };

/** How far an archive holds a stream, and what it lacks. It is kept in the newest file of the archive. */
interface Kept {
  readonly version: 1;
  readonly created: string | null;
  readonly last: number;
  readonly lastAt: number;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly unread: number;
  readonly missing: number;
  readonly doubtful: number;
  readonly holdsDenials: boolean;
}

const MAX_MARKS = 64;
/** A print of a longer part of a file tells the file by as many first bytes. */
const HEAD_BYTES = 1024;

/** Says which batches are new to an archive. */
export class ArchiveState {
  #created: string | null = null;
  #last = 0;
  #lastAt = 0;
  readonly #machines = new Map<string, Machine>();
  /** Messages that are no batch. */
  #unread = 0;
  /** Places where batches of a machine are missing. */
  #missing = 0;
  /** Lines that may be in the archive twice. */
  #doubtful = 0;
  #holdsDenials = false;

  /** The state that a file carries; null where it is none. */
  static parse(text: string): ArchiveState | null {
    const kept = keptIn(text);
    if (!kept) return null;
    const state = new ArchiveState();
    [state.#created, state.#last, state.#lastAt] = [kept.created, kept.last, kept.lastAt];
    for (const [name, machine] of Object.entries(kept.machines)) state.#machines.set(name, machine);
    [state.#unread, state.#missing, state.#doubtful] = [kept.unread, kept.missing, kept.doubtful];
    state.#holdsDenials = kept.holdsDenials;
    return state;
  }

  text(): string {
    const kept: Kept = {
      version: 1,
      created: this.#created,
      last: this.#last,
      lastAt: this.#lastAt,
      machines: Object.fromEntries(this.#machines),
      unread: this.#unread,
      missing: this.#missing,
      doubtful: this.#doubtful,
      holdsDenials: this.#holdsDenials,
    };
    return JSON.stringify(kept);
  }

  /** The newest message that was taken; 0 for none. */
  get last(): number {
    return this.#last;
  }

  /** The stream is this one now, and ends there: if it is another one, or was put back, it is read from its start. */
  meet({ created, last }: { readonly created: string; readonly last: number }): void {
    if ((this.#created !== null && this.#created !== created) || last < this.#last) this.startOver();
    this.#created = created;
  }

  /** Whether this message is the newest that was taken. Where another one stands in its place, the stream was put back. */
  isAsKnown({ sequence, at }: { readonly sequence: number; readonly at: number }): boolean {
    return sequence !== this.#last || at === this.#lastAt;
  }

  /** Forgets the sequences: only the marks of files tell which records are there. */
  startOver(): void {
    [this.#last, this.#lastAt] = [0, 0];
    for (const [name, machine] of this.#machines)
      this.#machines.set(name, { ...machine, last: null, isAgain: true });
  }

  /** A message that cannot be read. */
  skip({ sequence, at }: { readonly sequence: number; readonly at: number }): void {
    this.#unread += 1;
    [this.#last, this.#lastAt] = [sequence, at];
  }

  /** Whether the batch is new to the archive, which then has it. */
  take({ sequence, at, machine: name, before, batch }: ArrivedBatch): Novelty {
    [this.#last, this.#lastAt] = [sequence, at];
    const known = this.#machines.get(name) ?? { last: 0, marks: [], isAgain: false };
    const isNext = before === null || before === known.last;
    if (isNext && !known.isAgain) {
      this.#machines.set(name, { last: sequence, marks: batch.cursors, isAgain: false });
      this.#holdsDenials ||= batch.holds === 'denials';
      return { type: 'new' };
    }
    if (isCovered(batch, known.marks)) {
      this.#machines.set(name, { last: sequence, marks: known.marks, isAgain: true });
      return { type: 'known' };
    }
    if (!isNext && before !== 0) this.#missing += 1;
    this.#holdsDenials ||= batch.holds === 'denials';
    const marks = joined(known.marks, batch.cursors);
    this.#machines.set(name, { last: sequence, marks, isAgain: false });
    const bytes = overlap(batch, known.marks);
    return bytes > 0 ? { type: 'overlaps', bytes } : { type: 'new' };
  }

  /** So many lines may be in the archive twice. */
  doubt(lines: number): void {
    this.#doubtful += lines;
  }

  /** The part of all records that the archive lacks; null where it has all. */
  partial(log: string): PartialLog | null {
    const lacks = [
      ...(this.#unread > 0 ? [`${plural(this.#unread, 'message')} could not be read`] : []),
      ...(this.#missing > 0 ? [`batches are missing at ${plural(this.#missing, 'place')}`] : []),
      ...(this.#doubtful > 0 ? [`${plural(this.#doubtful, 'line')} may be there twice`] : []),
    ];
    if (lacks.length === 0 && !this.#holdsDenials) return null;
    return {
      log,
      holds: this.#holdsDenials
        ? 'records that machines shipped: denials only'
        : 'records that machines shipped',
      completeness:
        lacks.length === 0
          ? { type: 'unknown', why: 'counters have the totals' }
          : { type: 'lossy', why: lacks.join('; ') },
    };
  }
}

/** Whether the archive has the file of the batch up to its end. */
function isCovered({ cursors }: RecordBatch, marks: readonly string[]): boolean {
  const own = cursors.at(-1) ?? '';
  const print = parsePrint(own);
  return (
    marks.includes(own) ||
    (print !== null &&
      print.headBytes === HEAD_BYTES &&
      marks.some(
        mark => parsePrint(mark)?.head === print.head && (parsePrint(mark)?.offset ?? 0) >= print.offset,
      ))
  );
}

/** So many of the first bytes of the batch the archive may have. A short file is not told from others by its first bytes. */
function overlap({ cursors, from }: RecordBatch, marks: readonly string[]): number {
  const print = parsePrint(cursors.at(-1) ?? '');
  const offsets = marks.map(mark => {
    const known = parsePrint(mark);
    const isSame = known && (known.headBytes < HEAD_BYTES ? from === 0 : known.head === print?.head);
    return isSame ? known.offset - from : 0;
  });
  return Math.max(0, ...offsets);
}

/** The newer marks and those older ones that they do not go on from. */
const joined = (older: readonly string[], newer: readonly string[]): readonly string[] => {
  const heads = new Set(newer.map(mark => parsePrint(mark)?.head));
  return [...older.filter(mark => !heads.has(parsePrint(mark)?.head)), ...newer].slice(-MAX_MARKS);
};

function keptIn(text: string): Kept | null {
  try {
    const kept = JSON.parse(text) as Kept; // egresstop wrote it, or the version is not ours
    return kept.version === 1 ? kept : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
