import type { Counting } from '../../../app/counting.ts';
import type { Store } from '../../../app/store.ts';
import type { SourceStatus } from '../../../core/source-status.ts';
import type { NamedAgents } from '../../../reading/named-agents.ts';
import { narrowedTo, selectionOf, type SourceOptions } from '../../../reading/selection.ts';
import { spareMemoryFor } from '../../../reading/spare-memory.ts';
import { followSources } from '../../../sources/follow.ts';
import { comesOnce } from '../../../sources/named/comes-once.ts';
import type { Following, SourceListener, SourceSpec } from '../../../sources/source.ts';
import type { System } from '../../../systems/system.ts';
import { LineCounting, type TakesEvent } from './line-counting.ts';
import { OlderParts } from './older-parts.ts';

export interface WindowReadingOptions {
  readonly specs: readonly SourceSpec[];
  readonly systems: readonly System[];
  readonly agents: NamedAgents;
  /** The choice of events before there was a window of them. */
  readonly choice: SourceOptions;
  readonly now: number;
}

/** From `from` on, and before `until`; unix ms. */
interface Window {
  readonly from: number;
  readonly until: number | null;
}

/** Reads the logs again for a window of time, and follows them as long as it is shown. One window at a time. */
export class WindowReading {
  readonly #store: Store;
  readonly #options: WindowReadingOptions;
  #stopping: Promise<void> = Promise.resolve();
  #stop: () => Promise<void> = () => Promise.resolve();

  constructor(store: Store, options: WindowReadingOptions) {
    [this.#store, this.#options] = [store, options];
  }

  /** Counts the window into the counting that the store has made for it. */
  readonly count = (window: Window): void => {
    void this.leave();
    const { window: counting } = this.#store;
    if (counting) this.#stop = this.#read(window, counting);
  };

  /** Settles when nothing is read for a window any more. */
  readonly leave = (): Promise<void> => {
    const stop = this.#stop;
    this.#stop = () => Promise.resolve();
    this.#stopping = Promise.all([this.#stopping, stop()]).then(() => undefined);
    return this.#stopping;
  };

  #read(window: Window, counting: Counting): () => Promise<void> {
    const { specs, systems, agents, choice, now } = this.#options;
    const narrowed = narrowedTo(choice, window, now);
    const selection = selectionOf(narrowed, now);
    const older = new OlderParts(counting, { systems, selection, thread: { choice: narrowed, agents, now } });
    const lines = new LineCounting(counting, { systems, selection });
    const statuses = new Map<string, SourceStatus>();
    const before = [...this.#store.traffic.sources.entries()];
    let hasStarted = false;
    const tell = (): void => {
      if (this.#store.window !== counting) return;
      const progress = hasStarted ? progressOf([...statuses.values()]) : 0;
      const read = (source: string): number => counting.traffic.sources.get(source).lines;
      const lacking = before
        .filter(([source, total]) => read(source) < total.lines)
        .map(([source]) => source);
      this.#store.dispatch({ type: 'window-read', progress, lacking: progress === null ? lacking : [] });
    };
    const take: TakesEvent = (event, isSelected) => {
      if (isSelected) counting.add(event);
    };
    const listener: SourceListener = {
      lines: batch => {
        spareMemoryFor(counting.traffic.hosts.size);
        lines.lines(batch, take);
      },
      older: older.add,
      status: status => {
        statuses.set(status.source, status);
        if (status.state === 'ended') lines.end(status.source, take);
        tell();
      },
    };
    const following: Following = followSources(
      specs.filter(spec => !comesOnce(spec)),
      listener,
    );
    void following.caughtUp.then(() => {
      hasStarted = true;
      tell();
    });
    return async () => {
      await older.stop();
      await following.stop();
    };
  }
}

/** The share of all bytes that was read; null once nothing is being read. */
function progressOf(statuses: readonly SourceStatus[]): number | null {
  if (statuses.every(({ state }) => state !== 'reading')) return null;
  const sum = (of: 'readBytes' | 'totalBytes'): number =>
    statuses.reduce((all, status) => all + status[of], 0);
  return Math.min(0.99, sum('readBytes') / Math.max(1, sum('totalBytes')));
}
