import { errorCode } from '../../core/file-error.ts';
import type { Problem } from '../../core/problem.ts';
import { startOf } from '../../sources/lines/document-start.ts';
import { listFiles } from '../../sources/named/expand.ts';
import type { RecordBatch, RecordChoice } from '../../sources/nats/records/record-batch.ts';
import type { SourceSpec } from '../../sources/source.ts';
import { troubleOf } from '../../sources/trouble.ts';
import type { System } from '../../systems/system.ts';
import { LineDecoder, type Decoded } from '../line-decoder.ts';
import { FileContent, parsePrint, printText, type FilePrint } from './file-content.ts';

/** A batch is closed once it has so many bytes. */
const BATCH_BYTES = 256 * 1024;
/** Longer lines are no records of any system. */
const MAX_LINE_BYTES = 1024 * 1024;
const LF = 0x0a;

export interface RecordFilesOptions {
  readonly specs: readonly SourceSpec[];
  readonly systems: readonly System[];
  readonly holds: RecordChoice;
  readonly problem: (problem: Problem) => void;
}

/**
 * Takes records from files, batch by batch, behind the places that marks of earlier batches tell. A file is found by its content, so
 * that a renamed, copied or compressed one goes on where it was. A last line without its end waits for it.
 */
export class RecordFiles {
  readonly #options: RecordFilesOptions;
  readonly #told = new Set<string>();
  #prints: readonly FilePrint[] = [];
  /** Files that were read to their end, by their place on disk, with their state then. */
  #rested = new Map<string, string>();

  constructor(options: RecordFilesOptions) {
    this.#options = options;
  }

  /** Goes on behind these marks. All that was taken since is taken again. */
  beginAt(cursors: readonly string[]): void {
    this.#prints = cursors.flatMap(mark => parsePrint(mark) ?? []);
    this.#rested = new Map();
  }

  /** The next lines that are wanted; null where there is none now. */
  async next(): Promise<RecordBatch | null> {
    const { files } = await listFiles(this.#options.specs);
    for (const path of files) {
      try {
        const batch = await this.#nextIn(path);
        if (batch) return batch;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') continue; // renamed since it was listed: it is found by its content
        this.#tell(troubleOf(error, path));
      }
    }
    return null;
  }

  async #nextIn(path: string): Promise<RecordBatch | null> {
    await using content = await FileContent.open(path);
    if (!content || this.#rested.get(content.device) === content.stamp) return null;
    const print = await this.#printOf(content);
    if (print === 'covered' || (print === null && !(await isOfLines(content)))) {
      this.#rested.set(content.device, content.stamp);
      return null;
    }
    const from = print?.offset ?? 0;
    const { lines, to, isEnd } = await this.#take(content, from);
    if (to > from) this.#advance(print, await content.print(to));
    if (isEnd) this.#rested.set(content.device, content.stamp);
    if (lines.length === 0) return null;
    const cursors = this.#prints.map(printText);
    return { file: path, from, to, lines, holds: this.#options.holds, cursors };
  }

  /** Until where the file was taken; `covered` where it is a copy without the last lines. */
  async #printOf(content: FileContent): Promise<FilePrint | 'covered' | null> {
    const nearest = this.#prints.toSorted((one, other) => other.offset - one.offset);
    for (const print of nearest) if (await content.beginsAs(print)) return print;
    for (const print of nearest) if (await content.isCoveredBy(print)) return 'covered';
    return null;
  }

  #advance(before: FilePrint | null, after: FilePrint): void {
    this.#prints = [...this.#prints.filter(print => print !== before), after];
  }

  async #take(
    content: FileContent,
    from: number,
  ): Promise<{ readonly lines: readonly string[]; readonly to: number; readonly isEnd: boolean }> {
    const isWanted = this.#test(content.path);
    const lines: string[] = [];
    let [to, bytes, rest] = [from, 0, Buffer.alloc(0)];
    for await (const chunk of content.from(from)) {
      const whole = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = whole.indexOf(LF); end >= 0; end = whole.indexOf(LF, start)) {
        const length = end - start;
        const line = length > MAX_LINE_BYTES ? '' : whole.toString('utf8', start, end).replace(/\r$/, '');
        [start, to] = [end + 1, to + length + 1];
        if (!isWanted(line)) continue;
        lines.push(line);
        bytes += length;
        if (bytes >= BATCH_BYTES) return { lines, to, isEnd: false };
      }
      rest = whole.subarray(start);
    }
    return { lines, to, isEnd: true };
  }

  #test(path: string): (line: string) => boolean {
    if (this.#options.holds === 'all') return line => line.trim() !== '';
    let isDenial = false;
    const decoder = new LineDecoder(this.#options.systems);
    const decoded: Decoded = {
      event: ({ verdict }) => (isDenial ||= verdict === 'deny' || verdict === 'would-deny'),
      malformed: () => undefined,
      unrecognised: () => undefined,
    };
    let number = 0;
    return line => {
      isDenial = false;
      decoder.decode({ source: path, first: (number += 1), lines: [line] }, decoded);
      return isDenial;
    };
  }

  #tell(problem: Problem): void {
    const key = `${problem.source} ${problem.why}`;
    if (!this.#told.has(key)) this.#options.problem(problem);
    this.#told.add(key);
  }
}

/** A file of one document, or in another encoding, cannot be taken piece by piece. */
async function isOfLines(content: FileContent): Promise<boolean> {
  const start = await startOf(most => content.bytesAt(0, most));
  return start.type === 'lines';
}
