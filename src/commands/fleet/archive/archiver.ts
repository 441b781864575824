import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../../../core/file-error.ts';
import { describeProblem } from '../../../core/problem.ts';
import { Failure } from '../../../core/failure.ts';
import { KeptRecords } from './kept-records.ts';
import { holdFile } from '../../../policy-file/writing/lock.ts';
import { outsideFailure } from '../../../policy-file/file-problem.ts';
import { TemporaryFile } from '../../../policy-file/writing/temporary-file.ts';
import { archiveParts, hourOf, partFileName, type PartName } from '../../../reading/archive/archive-parts.ts';
import { ArchiveState, type ArrivedBatch } from '../../../reading/archive/archive-state.ts';
import {
  openPart,
  partBytes,
  type PartFile,
  PartRows,
  type StoredRow,
} from '../../../reading/archive/part-file.ts';
import { LineDecoder, type Decoded } from '../../../reading/line-decoder.ts';
import type { EgressEvent } from '../../../core/event.ts';
import { SourceError } from '../../../sources/trouble.ts';
import type { System } from '../../../systems/system.ts';

/** A file is closed once it has so many rows, or lines of so many characters: the open one is held in memory. */
const PART_ROWS = 25_000;
const PART_TEXT = 16 * 1024 * 1024;

/**
 * Writes batches into the files of one archive. A file is replaced as a whole by one with more rows, and it carries how far the stream was
 * taken: so a kill at any moment leaves the archive as it was before, or with all of it.
 */
export class Archiver {
  readonly #folder: string;
  readonly #systems: readonly System[];
  readonly state: ArchiveState;
  /** The file that grows; null before the first. */
  #part: PartName | null;
  #rows = new PartRows();
  #text = 0;
  /** The last rows, which are not on the disk yet. */
  #unwritten = 0;
  /** The note of the file that was written last: it tells whether somebody else writes here. */
  #note: string | null;
  #archived = 0;
  /** Read once a machine ships again what the archive may have. */
  #kept: KeptRecords | null = null;
  #last: Promise<void> = Promise.resolve();

  private constructor(folder: string, systems: readonly System[], { part, before, note, state }: Found) {
    [this.#folder, this.#systems] = [folder, systems];
    [this.#part, this.#note, this.state] = [part, note, state];
    this.#rows.addStored(before);
  }

  /** Opens an archive, or begins one. What a killed run left half-written is removed. Throws a failure. */
  static async open(folder: string, systems: readonly System[]): Promise<Archiver> {
    const found = await told(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return held(folder, async () => {
        const left = (await readdir(folder)).filter(name => /^\..*\.temporary$/.test(name));
        await Promise.all(left.map(name => rm(join(folder, name), { force: true })));
        return foundIn(folder);
      });
    });
    return new Archiver(folder, systems, found);
  }

  /** Lines that were written since the start. */
  get archived(): number {
    return this.#archived;
  }

  /** Takes up a batch; a file that is full, or of an hour before, is written and closed first. */
  take(arrived: ArrivedBatch): Promise<void> {
    return this.#inTurn(() => this.#take(arrived));
  }

  /** Puts all that was taken on the disk. Throws a failure where that cannot be done, or another run writes here. */
  commit(): Promise<void> {
    return this.#inTurn(() => this.#commit());
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined); // the caller hears of it
    return turn;
  }

  async #take(arrived: ArrivedBatch): Promise<void> {
    const hour = hourOf(arrived.at);
    const isOver = this.#part !== null && hour > this.#part.hour;
    if (isOver || this.#isFull()) {
      await this.#commit();
      this.#close();
    }
    const novelty = this.state.take(arrived);
    if (novelty.type === 'known') return;
    const lines = novelty.type === 'new' ? arrived.batch.lines : await this.#newLines(arrived, novelty.bytes);
    if (lines.length === 0) return;
    this.#part ??= this.#nextPart(hour);
    const { sequence, at: received, machine, batch } = arrived;
    const { file } = batch;
    for (const record of lines) {
      const event = this.#eventOf(record, `${machine}:${file}`);
      this.#rows.add({ sequence, received, machine, file, record, event });
      this.#text += record.length;
    }
    this.#unwritten += lines.length;
  }

  /** The lines behind those that the archive has. Of the first `bytes` of the batch it has every line. */
  async #newLines({ machine, batch: { lines } }: ArrivedBatch, bytes: number): Promise<readonly string[]> {
    const parts = await told(this.#folder, () => archiveParts(this.#folder));
    const files = parts.map(part => join(this.#folder, partFileName(part)));
    this.#kept ??= await told(this.#folder, () => KeptRecords.read(files));
    const machines = this.#rows.column('machine');
    const unwritten = new Set(this.#rows.column('record').filter((_, row) => machines[row] === machine));
    let [known, left] = [0, bytes];
    for (const line of lines) {
      left -= Buffer.byteLength(line) + 1;
      if (left < 0 || !(unwritten.has(line) || this.#kept.has(machine, line))) break;
      known += 1;
    }
    if (!this.#kept.isAll) this.state.doubt(lines.length - known);
    return lines.slice(known);
  }

  async #commit(): Promise<void> {
    const part = this.#part;
    if (this.#unwritten === 0 || part === null) return;
    const note = this.state.text();
    const bytes = await partBytes(this.#rows, note);
    const path = join(this.#folder, partFileName(part));
    await told(path, () => held(this.#folder, () => this.#put(path, bytes)));
    this.#archived += this.#unwritten;
    [this.#note, this.#unwritten] = [note, 0];
  }

  async #put(path: string, bytes: Uint8Array): Promise<void> {
    const newest = await newestIn(this.#folder);
    if ((newest?.file.note ?? null) !== this.#note)
      throw new Failure(`${this.#folder}: another run of archive writes here`, 1, {
        remedy: 'run one at a time',
      });
    const name = `.${basename(path)}.${randomUUID()}.temporary`;
    await using file = await TemporaryFile.create(join(this.#folder, name), 0o600);
    await file.handle.writeFile(bytes);
    await file.finish();
    await file.renameTo(path);
    await using parent = await open(this.#folder);
    await parent.sync().catch(() => undefined); // some file systems cannot: the file is in place all the same
  }

  #isFull(): boolean {
    return this.#rows.size >= PART_ROWS || this.#text >= PART_TEXT;
  }

  #close(): void {
    this.#closed = this.#part;
    [this.#part, this.#rows, this.#text] = [null, new PartRows(), 0];
  }

  /** The file that was closed last: the next one has a later name, whatever the server's clock says. */
  #closed: PartName | null = null;

  #nextPart(hour: string): PartName {
    const last = this.#closed;
    return last !== null && last.hour >= hour
      ? { hour: last.hour, number: last.number + 1 }
      : { hour, number: 1 };
  }

  /** The one event that a line tells; null where it tells another number, or what it tells depends on other lines. */
  #eventOf(record: string, source: string): EgressEvent | null {
    const found: EgressEvent[] = [];
    let isAlone = true;
    const notAlone = (): void => void (isAlone = false);
    const decoded: Decoded = {
      event: event => found.push(event),
      malformed: notAlone,
      unrecognised: notAlone,
    };
    new LineDecoder(this.#systems).decode({ source, first: 1, lines: [record] }, decoded);
    const [event = null] = found;
    const isSnapshot = this.#systems.some(({ name, snapshots }) => snapshots && name === event?.system);
    return isAlone && found.length === 1 && !isSnapshot ? event : null;
  }
}

interface Found {
  readonly part: PartName | null;
  readonly before: readonly StoredRow[];
  readonly note: string | null;
  readonly state: ArchiveState;
}

/** The newest file of an archive, which grows until it is full. */
async function foundIn(folder: string): Promise<Found> {
  const newest = await newestIn(folder);
  if (newest === null) return { part: null, before: [], note: null, state: new ArchiveState() };
  const { part, file } = newest;
  const state = file.note === null ? null : ArchiveState.parse(file.note);
  if (state === null)
    throw new Failure(`${join(folder, partFileName(part))} was not written by this version of egresstop`, 1, {
      remedy: 'name another --dir',
    });
  return { part, before: await file.whole(), note: file.note, state };
}

async function newestIn(
  folder: string,
): Promise<{ readonly part: PartName; readonly file: PartFile } | null> {
  const part = (await archiveParts(folder)).at(-1);
  return part ? { part, file: await openPart(join(folder, partFileName(part))) } : null;
}

/** Runs while no other run writes into the folder. */
async function held<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const done = await holdFile(join(folder, 'archive'), async () => ({ result: await act() }));
  if ('type' in done) throw new Failure(describeProblem(done.problem));
  return done.result;
}

/** A failure of the outside world comes as the command's own, with path and remedy. */
async function told<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SourceError) throw new Failure(describeProblem(error.problem));
    if (error instanceof Failure || errorCode(error) === null) throw error;
    throw new Failure(describeProblem(outsideFailure(error, path)));
  }
}
