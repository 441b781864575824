import { basename } from 'node:path';
import { errorCode } from '../../core/file-error.ts';
import type { EgressEvent } from '../../core/event.ts';
import { FILES_A_DOCUMENT, type LedgerFile } from '../../core/fleet/counters/counter-document.ts';
import { LEDGER_SHARD, type MachineCounters } from '../../core/fleet/counters/machine-counters.ts';
import { grouped } from '../../core/grouped.ts';
import type { Problem } from '../../core/problem.ts';
import { startOf } from '../../sources/lines/document-start.ts';
import { LineSplitter } from '../../sources/lines/line-splitter.ts';
import { listFiles } from '../../sources/named/expand.ts';
import { nameBeforeRotation } from '../../sources/named/rotated-history.ts';
import type { SourceSpec } from '../../sources/source.ts';
import { trouble, troubleOf } from '../../sources/trouble.ts';
import type { System } from '../../systems/system.ts';
import { LineDecoder, type Decoded } from '../line-decoder.ts';
import { FileContent, parsePrint, printText, type FilePrint } from './file-content.ts';
import { remembered, type KnownFile } from './known-file.ts';
import { matchFiles, type MatchedFile } from './match-files.ts';

const LF = 0x0a;
/** A file is called vanished when so many rounds in a row did not find it: one round may meet a rename half-way. */
const MISSED_ENOUGH = 2;

/** The prints that another epoch left of the files, for each shard; the ledger is the last of them. */
export type CountedPlaces = readonly (readonly FilePrint[])[];

interface CountedFilesOptions {
  /** The files as an earlier run left them. */
  readonly known: readonly KnownFile[];
  readonly problem: (problem: Problem) => void;
  /** Hears each event that is counted. */
  readonly heard?: ((event: EgressEvent) => void) | undefined;
}

/**
 * Counts what is new in files, round by round. Each line is counted once, whatever the file is called by then: renamed, copied and
 * truncated, or compressed. A last line without its end waits for it.
 */
export class CountedFiles {
  readonly #specs: readonly SourceSpec[];
  readonly #systems: readonly System[];
  readonly #problem: (problem: Problem) => void;
  readonly #heard: (event: EgressEvent) => void;
  readonly #told = new Set<string>();
  #decoder: LineDecoder;
  #known: readonly KnownFile[];
  /** Prints of another epoch that no file has claimed yet. */
  #places: CountedPlaces | null = null;

  constructor(
    specs: readonly SourceSpec[],
    systems: readonly System[],
    { known, problem, heard = () => undefined }: CountedFilesOptions,
  ) {
    [this.#specs, this.#systems, this.#known] = [specs, systems, known];
    [this.#problem, this.#heard] = [problem, heard];
    this.#decoder = new LineDecoder(systems);
  }

  /** All files are counted anew, but for what another epoch counted of them. */
  beginAfter(places: CountedPlaces): void {
    [this.#known, this.#places] = [[], places];
    this.#decoder = new LineDecoder(this.#systems);
  }

  get known(): readonly KnownFile[] {
    return this.#known;
  }

  /** The files that are there, as a ledger names them. */
  ledger(): readonly LedgerFile[] {
    return this.#known
      .filter(({ missed }) => missed === 0)
      .map(({ name, print, size, lines }) => ({
        id: printText(print),
        name,
        offset: print.offset,
        size,
        lines,
      }));
  }

  /** Counts what is new. Whether anything was. */
  async round(counters: MachineCounters): Promise<boolean> {
    const { files: paths, problems: listing } = await listFiles(this.#specs);
    const { files, missing, problems } = await matchFiles(paths, this.#known);
    for (const problem of [...listing, ...problems]) this.#tell(problem);
    const known: KnownFile[] = missing.map(file => miss(file, counters));
    let isNews = missing.some(({ missed }) => missed < MISSED_ENOUGH);
    let room = FILES_A_DOCUMENT - files.filter(file => file.known).length;
    for (const file of files) {
      if (!file.known && (room -= 1) < 0) {
        this.#passOver(file, counters);
        continue;
      }
      const counted = await this.#countFile(file, counters);
      if (counted) known.push(counted);
      if (counted !== file.known) isNews = true;
    }
    this.#known = remembered(known);
    this.#places = null;
    return isNews;
  }

  /** A document that told of more files would be refused: what is in them is not counted, and said to lack. */
  #passOver({ path, device }: MatchedFile, counters: MachineCounters): void {
    if (!this.#told.has(`room ${device}`)) counters.note({ lostFiles: 1 });
    this.#told.add(`room ${device}`);
    const why = `is beyond the first ${grouped(FILES_A_DOCUMENT)} logs, and is not shipped`;
    this.#tell(trouble(path, why, 'name fewer logs, or ship parts of them under names of their own'));
  }

  /** The file as it is known afterwards; null where it was not met, and the next round looks again. */
  async #countFile(
    { path, device, known }: MatchedFile,
    counters: MachineCounters,
  ): Promise<KnownFile | null> {
    try {
      await using content = await FileContent.open(path);
      if (content?.device !== device) return known;
      if (known && known.stamp === content.stamp && known.device === device && known.missed === 0)
        return known.name === path ? known : { ...known, name: path };
      const start = known ?? (await this.#newFile(content));
      return await this.#countFrom(start, content, counters);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return known;
      this.#tell(troubleOf(error, path));
      return known;
    }
  }

  async #newFile(content: FileContent): Promise<KnownFile> {
    const counted = this.#places ? await placesOf(content, this.#places) : null;
    const print = await content.print(counted ? Math.min(...counted) : 0);
    return { ...standing(content), lines: 0, print, missed: 0, counted };
  }

  async #countFrom(file: KnownFile, content: FileContent, counters: MachineCounters): Promise<KnownFile> {
    const { size } = content;
    const at = { ...file, ...standing(content), missed: 0 };
    if (size !== null && size < file.print.offset) return { ...at, print: await content.print(size) }; // a copy that lacks the last lines, which were counted
    if (file.print.offset === 0 && !(await this.#isOfLines(content, counters, file))) return at;
    let offset = file.print.offset;
    let lines = file.lines;
    for (const segment of segmentsOf(file.counted, offset)) {
      const read = await this.#countLines(content, { ...segment, lines, from: offset }, counters);
      [offset, lines] = [read.offset, lines + read.lines];
      if (offset < segment.until) break;
    }
    const isPast = file.counted === null || offset >= Math.max(...file.counted);
    return {
      ...at,
      lines,
      size: size ?? offset,
      print: await content.print(offset),
      counted: isPast ? null : file.counted,
    };
  }

  /** A file of one document, or in another encoding, cannot be counted piece by piece. */
  async #isOfLines(content: FileContent, counters: MachineCounters, file: KnownFile): Promise<boolean> {
    const start = await startOf(most => content.bytesAt(0, most));
    if (start.type === 'lines') return true;
    const { path } = content;
    if (!this.#told.has(`form ${file.device}`)) counters.note({ lostFiles: 1 });
    this.#told.add(`form ${file.device}`);
    const what = start.type === 'utf-16' ? 'is UTF-16' : 'is one document of many records';
    this.#tell(trouble(path, `${what}, and is not shipped`, 'ship logs of one record a line'));
    return false;
  }

  async #countLines(
    content: FileContent,
    { from, until, isWanted, lines: before }: Segment & { readonly from: number; readonly lines: number },
    counters: MachineCounters,
  ): Promise<{ readonly offset: number; readonly lines: number }> {
    const splitter = new LineSplitter(from === 0);
    const isLedger = isWanted(LEDGER_SHARD);
    const decoded = decodedInto(counters, isWanted, this.#heard);
    let [at, offset, lines] = [from, from, 0];
    try {
      for await (const whole of content.from(from)) {
        const chunk = whole.subarray(0, Math.min(whole.length, until - at));
        const batch = splitter.push(chunk);
        this.#decoder.decode({ source: content.path, first: before + lines + 1, lines: batch }, decoded);
        if (isLedger) counters.note({ lines: batch.length });
        lines += batch.length;
        const end = chunk.lastIndexOf(LF);
        if (end >= 0) offset = at + end + 1;
        at += chunk.length;
        if (at >= until) break;
      }
      this.#decoder.settle(decoded, content.path);
    } catch (error) {
      this.#tell(troubleOf(error, content.path)); // what was read before is counted, up to `offset`
    }
    return { offset, lines };
  }

  #tell(problem: Problem): void {
    const key = `${problem.source} ${problem.why}`;
    if (!this.#told.has(key)) this.#problem(problem);
    this.#told.add(key);
  }
}

const standing = ({
  path,
  device,
  stamp,
  size,
}: FileContent): Pick<KnownFile, 'name' | 'device' | 'stamp' | 'size'> => ({
  name: path,
  device,
  stamp,
  size: size ?? 0,
});

const decodedInto = (
  counters: MachineCounters,
  isWanted: Segment['isWanted'],
  heard: (event: EgressEvent) => void,
): Decoded => ({
  event: (event: EgressEvent) => {
    counters.count(event, isWanted);
    heard(event);
  },
  malformed: () => {
    if (isWanted(LEDGER_SHARD)) counters.note({ unreadable: 1 });
  },
  unrecognised: () => {
    if (isWanted(LEDGER_SHARD)) counters.note({ unrecognised: 1 });
  },
});

/** A stretch of a file that counts for the same shards throughout. */
interface Segment {
  /** Its end; infinite for the last one. */
  readonly until: number;
  readonly isWanted: (shard: number) => boolean;
}

/** Cuts a file where another epoch's counting of a shard ended. */
function segmentsOf(counted: KnownFile['counted'], from: number): readonly Segment[] {
  if (!counted) return [{ until: Infinity, isWanted: () => true }];
  const ends = [...new Set(counted)].filter(end => end > from).sort((one, other) => one - other);
  return [...ends, Infinity].map((until, index) => {
    const start = index === 0 ? from : (ends[index - 1] ?? from);
    return { until, isWanted: shard => (counted[shard] ?? 0) <= start };
  });
}

/** How far another epoch counted this file, for each shard; null where it did not know it. */
async function placesOf(content: FileContent, places: CountedPlaces): Promise<readonly number[] | null> {
  const known = new Map<string, boolean>();
  const counted: number[] = [];
  for (const prints of places) {
    let offset = 0;
    for (const print of prints) {
      const text = printText(print);
      const isHere = known.get(text) ?? (print.offset > 0 && (await content.beginsAs(print)));
      known.set(text, isHere);
      if (isHere) offset = Math.max(offset, print.offset);
    }
    counted.push(offset);
  }
  return counted.some(offset => offset > 0) ? counted : null;
}

/** A file that is not there. Where it could have grown after the last look, its end is counted as lost. */
function miss(file: KnownFile, counters: MachineCounters): KnownFile {
  const missed = file.missed + 1;
  const rest = Math.max(0, file.size - file.print.offset);
  const wasWritten = nameBeforeRotation(basename(file.name)) === basename(file.name);
  if (missed === MISSED_ENOUGH && (wasWritten || rest > 0)) counters.note({ lostFiles: 1, lostBytes: rest });
  return { ...file, missed };
}

/** The prints that ledgers and shards of another epoch carry. */
export const printsOf = (files: readonly { readonly id: string }[]): readonly FilePrint[] =>
  files.flatMap(({ id }) => parsePrint(id) ?? []);
