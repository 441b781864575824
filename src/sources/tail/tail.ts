import type { Problem } from '../../core/problem.ts';
import { claimCompressed, readCompressed, type CompressedFile } from './compressed.ts';
import type { DirectoryWatch } from './directory-watch.ts';
import type { FileRegistry } from './file-registry.ts';
import { claimFamily } from './log-family.ts';
import type { LogFile, ReadOn } from './log-file.ts';
import { LeftForLater } from './left-for-later.ts';
import { LogFolders } from './log-folders.ts';
import type { Portions } from './portions.ts';
import { keyAt } from './open-regular.ts';
import { Repeating } from '../repeating.ts';
import type { Following, LineBatch, SourceListener } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { troubleOf } from '../trouble.ts';

/** A log that has just grown is looked at again this soon: events come in lumps of 50 ms. */
const BUSY_MS = 20;

/** The parts that one program's tails share, and their patience. */
export interface TailContext {
  readonly listener: SourceListener;
  readonly registry: FileRegistry;
  readonly watch: DirectoryWatch;
  /** How often a log is looked at when no event comes. */
  readonly pollMs: number;
  /** How long a file that was rotated away may rest before it is let go. */
  readonly drainMs: number;
  readonly portions: Portions;
}

/** One log of a tail. */
export interface TailOptions {
  readonly path: string;
  /** Whether compressed history is read, too. */
  readonly withCompressed: boolean;
  /** The log is gone, and what was left of it has not grown for `drainMs`. */
  readonly onGone?: () => void;
}

/**
 * Follows one log for ever: its rotated history, the log, and every line that is added. Each line is delivered once, through rotation
 * by renaming or copying, truncation, removal and re-creation. Lines that a writer adds to a rotated file are delivered while it is drained.
 */
export function followFile(options: TailOptions, context: TailContext): Following {
  const tail = new Tail(options, context);
  return { caughtUp: tail.start(), stop: () => tail.stop() };
}

class Tail {
  readonly #options: TailOptions;
  readonly #context: TailContext;
  readonly #report: StatusReport;
  readonly #stopping = new AbortController();
  readonly #folders: LogFolders;
  readonly #later: LeftForLater;
  #looking: Repeating | null = null;
  #starting: Promise<void> | null = null;
  /** The file that stands, or last stood, at the path; held open, so that its inode cannot become another file's. */
  #current: LogFile | null = null;
  /** Files that were rotated away, oldest first; their writers may not have noticed yet. */
  #draining: LogFile[] = [];
  /** History that is read at the start. */
  #compressed: readonly CompressedFile[] = [];
  #problem: Problem | null = null;
  #hasGrown = false;

  constructor(options: TailOptions, context: TailContext) {
    this.#options = options;
    this.#context = context;
    this.#report = new StatusReport(options.path, context.listener);
    const wake = (): void => this.#looking?.wake();
    this.#folders = new LogFolders(options.path, context.watch, wake);
    this.#later = new LeftForLater({ ...context, report: this.#report, wake });
  }

  async start(): Promise<void> {
    this.#starting = this.#firstLook();
    await this.#starting;
    if (!this.#isStopped)
      this.#looking = new Repeating(() => this.#look(), this.#hasGrown ? BUSY_MS : this.#context.pollMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#folders.stop();
    await this.#starting;
    await this.#looking?.stop();
    for (const file of this.#held()) await file.close();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #held(): LogFile[] {
    return this.#current ? [...this.#draining, this.#current] : this.#draining;
  }

  async #firstLook(): Promise<void> {
    await this.#folders.watch();
    if (this.#options.withCompressed)
      this.#compressed = await claimCompressed(this.#options.path, this.#context.registry);
    await this.#regroup(false);
    await this.#conclude();
  }

  /** One look: read on, see what stands at the path now, and say how soon to look again. */
  async #look(): Promise<number> {
    this.#hasGrown = false;
    this.#problem = null;
    await this.#drain();
    const isTruncated = this.#current !== null && (await this.#read(this.#current)).isTruncated;
    const standing = await keyAt(this.#options.path);
    const isOther = typeof standing === 'string' && standing !== this.#current?.key;
    if (isTruncated || isOther) await this.#regroup(isTruncated);
    await this.#conclude();
    return this.#hasGrown ? BUSY_MS : this.#context.pollMs;
  }

  /** Reads what late writers added to files that were rotated away. One that was overwritten, perhaps by the next copy of the log, is another file from now on. */
  async #drain(): Promise<void> {
    for (const file of this.#draining) {
      if (!(await this.#read(file)).isTruncated) continue;
      file.finish(batch => this.#deliver(batch));
      await this.#letGo(file);
      this.#context.registry.forget(file);
    }
  }

  /** The path holds another file, or the file other bytes: find everything that has come since, and read it oldest first. */
  async #regroup(wasTruncated: boolean): Promise<void> {
    const { path } = this.#options;
    const old = this.#current;
    await this.#drain();
    let { files, keys, problem } = await claimFamily(path, this.#context.registry);
    let isTruncated = wasTruncated;
    if (old && !wasTruncated && (await this.#read(old)).isTruncated) {
      isTruncated = true; // copied and truncated before it was renamed; the copy may have come while we claimed
      ({ files, keys, problem } = await claimFamily(path, this.#context.registry, files));
    }
    this.#problem ??= problem;
    await this.#takeUp(files);
    if (!old) await this.#begin(files);
    if (old && isTruncated) await this.#recover(old, files);
    // a rotation leaves the old file under a rotated name; a copy that replaces it leaves it none
    else if (old && !keys.has(old.key)) await this.#replace(old, files);
    const rotated = files.filter(file => file !== this.#current);
    for (const file of new Set([...rotated, ...(old && isTruncated ? [old] : []), ...files]))
      await this.#read(file);
    await this.#folders.watch();
  }

  /** Of much that is there, the newest is read first, if the listener takes the rest for later; else compressed history. */
  async #begin(files: readonly LogFile[]): Promise<void> {
    const compressed = this.#compressed;
    this.#compressed = [];
    this.#stopping.signal.addEventListener('abort', () => {
      for (const { handle } of compressed) void handle.close();
    });
    const left = await this.#later.leave({ files, compressed });
    if (!this.#isStopped) this.#later.handOver();
    this.#report.expect(files.reduce((sum, { unreadBytes }) => sum + unreadBytes, left));
    if (left === 0)
      this.#problem ??= await readCompressed(compressed, {
        lines: batch => this.#deliver(batch),
        signal: this.#stopping.signal,
      });
  }

  /** Takes up what was claimed: the file that stands at the path is the current one, all others drain. */
  async #takeUp(files: readonly LogFile[]): Promise<void> {
    const standing = await keyAt(this.#options.path);
    const all = new Set([...this.#held(), ...files]);
    this.#current = [...all].find(file => file.key === standing) ?? this.#current;
    this.#draining = [...all].filter(file => file !== this.#current);
  }

  /** After a truncation: a copy that was made before goes on where we were; without one our half line is all that is left. */
  async #recover(truncated: LogFile, files: readonly LogFile[]): Promise<void> {
    for (const file of files) {
      if (file.isFresh && (await file.takeOver(truncated))) return;
    }
    truncated.finish(batch => this.#deliver(batch));
    truncated.restart();
  }

  /** Another file stands in the place of the log: one that begins with what was read goes on there, any other is read from its start. */
  async #replace(old: LogFile, files: readonly LogFile[]): Promise<void> {
    const standing = this.#current;
    if (standing && standing !== old && files.includes(standing)) await standing.goOnFrom(old);
  }

  async #read(file: LogFile): Promise<ReadOn> {
    const nothing = { bytes: 0, isTruncated: false };
    if (!file.isOpen || this.#isStopped) return nothing;
    try {
      const read = await file.readOn((batch, bytes) => {
        this.#deliver(batch);
        this.#report.progress(bytes);
      }, this.#stopping.signal);
      this.#hasGrown ||= read.bytes > 0;
      this.#problem ??= read.problem ?? null;
      return read;
    } catch (error) {
      this.#problem = troubleOf(error, file.name);
      await this.#letGo(file); // its place is remembered: it goes on when it can be opened again
      return nothing;
    }
  }

  #deliver(batch: LineBatch): void {
    if (!this.#isStopped && batch.lines.length > 0) this.#context.listener.lines(batch);
  }

  async #letGo(file: LogFile): Promise<void> {
    await file.close();
    this.#draining = this.#draining.filter(other => other !== file);
    if (this.#current === file) this.#current = null;
  }

  async #conclude(): Promise<void> {
    const atRest = performance.now() - this.#context.drainMs;
    const isAtRest = ({ grewAt, isWhole }: LogFile): boolean => grewAt <= atRest && isWhole;
    for (const file of this.#draining.filter(isAtRest)) {
      file.finish(batch => this.#deliver(batch));
      await this.#letGo(file);
    }
    const standing = await keyAt(this.#options.path);
    if (this.#isStopped) return;
    this.#settle(standing);
    if (standing === null && this.#held().every(isAtRest)) this.#end();
  }

  #settle(standing: string | Problem | null): void {
    const problem = standing !== null && typeof standing !== 'string' ? standing : this.#problem;
    if (problem) return this.#report.settle('failed', `${problem.why}; ${problem.remedy}`);
    if (standing === null && this.#current)
      return this.#report.settle('gone', 'was there, now nothing is; read on as soon as it is back');
    if (standing === null) return this.#report.settle('waiting', 'not there yet; read as soon as it is');
    this.#report.settle(this.#later.isPending ? 'reading' : 'live');
  }

  #end(): void {
    const { onGone } = this.#options;
    if (!onGone) return;
    this.#current?.finish(batch => this.#deliver(batch));
    onGone();
  }
}
