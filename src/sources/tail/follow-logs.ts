import { keyAt, openRegular } from './open-regular.ts';
import { Repeating } from '../repeating.ts';
import type { Following } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { followFile, type TailContext } from './tail.ts';
import { troubleOf } from '../trouble.ts';

/** A scan may take at most this share of the time: a glob over a huge tree is looked through less often. */
const SCAN_SHARE = 0.01;

/** The logs of a directory or glob as they stand now, and the directories in which more may appear. */
export interface Logs {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/**
 * Follows every log that `list` finds, now and later, one after the other at the start. A log that goes away for good is let go; a
 * file that is read already under another name is left to whom it belongs. Reports for `name` whether the place itself can be listed.
 */
export function followLogs(name: string, list: () => Promise<Logs>, context: TailContext): Following {
  const group = new LogGroup(name, list, context);
  return { caughtUp: group.start(), stop: () => group.stop() };
}

class LogGroup {
  readonly #list: () => Promise<Logs>;
  readonly #context: TailContext;
  readonly #name: string;
  readonly #report: StatusReport;
  readonly #tails = new Map<string, Following>();
  readonly #watched = new Map<string, () => void>();
  #scanning: Repeating | null = null;
  #starting: Promise<unknown> | null = null;
  #isStopped = false;

  constructor(name: string, list: () => Promise<Logs>, context: TailContext) {
    this.#name = name;
    this.#list = list;
    this.#context = context;
    this.#report = new StatusReport(name, context.listener, { isPlace: true });
  }

  async start(): Promise<void> {
    this.#starting = this.#scan(true);
    await this.#starting;
    if (!this.#isStopped) this.#scanning = new Repeating(() => this.#scan(false), this.#context.pollMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const unwatch of this.#watched.values()) unwatch();
    const stops = [...this.#tails.values()].map(tail => tail.stop());
    await Promise.all([...stops, this.#starting, this.#scanning?.stop()]);
    await Promise.all([...this.#tails.values()].map(tail => tail.stop()));
  }

  /** Follows what is new, and returns after how many milliseconds to look again. */
  async #scan(isFirst: boolean): Promise<number> {
    const startedAt = performance.now();
    try {
      const { files, directories } = await this.#list();
      this.#watch(directories);
      for (const path of files) {
        if (this.#isStopped) return 0;
        if (isFirst || (await this.#isNews(path))) await this.#follow(path, isFirst);
      }
      this.#settle(files.length > 0 || this.#tails.size > 0);
    } catch (error) {
      const { why, remedy } = troubleOf(error, this.#name);
      if (!this.#isStopped) this.#report.settle('failed', `${why}; ${remedy}`);
    }
    return Math.max(this.#context.pollMs, (performance.now() - startedAt) / SCAN_SHARE);
  }

  #settle(hasLogs: boolean): void {
    if (this.#isStopped) return;
    if (hasLogs) this.#report.settle('live');
    else this.#report.settle('waiting', 'no log there yet; read as soon as one is');
  }

  async #follow(path: string, isFirst: boolean): Promise<void> {
    if (this.#tails.has(path)) return;
    const onGone = () => {
      this.#tails.delete(path);
      void tail.stop();
    };
    const tail = followFile({ path, withCompressed: isFirst, onGone }, this.#context);
    this.#tails.set(path, tail);
    await tail.caughtUp;
  }

  /** Whether a log that nobody follows here holds something that nobody has read. */
  async #isNews(path: string): Promise<boolean> {
    if (this.#tails.has(path)) return false;
    const key = await keyAt(path);
    if (typeof key === 'string' && this.#context.registry.get(key)?.isOpen) return false;
    const open = await openRegular(path);
    if (!open || !('handle' in open)) return open !== null; // let the tail tell what is wrong
    const known = this.#context.registry.get(open.key);
    const isNews = !known || (!known.isOpen && !(await known.isAllRead(open)));
    await open.handle.close();
    return isNews;
  }

  #watch(directories: readonly string[]): void {
    for (const directory of directories) {
      if (this.#watched.has(directory) || this.#isStopped) continue;
      const wake = (_: string, isComingOrGoing: boolean) => isComingOrGoing && this.#scanning?.wake();
      this.#watched.set(directory, this.#context.watch.on(directory, wake));
    }
  }
}
