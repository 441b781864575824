import { CompressedPart, type CompressedFile } from './compressed.ts';
import type { LogFile } from './log-file.ts';
import type { OlderWatch } from './older-lines.ts';
import type { Portions } from './portions.ts';
import type { OlderPart, SourceListener } from '../source.ts';
import type { StatusReport } from '../status-report.ts';

/** How much longer a log is than its compressed file, about. */
const COMPRESSED = 10;

/** The content of a log when it is taken up. */
interface Holdings {
  /** Rotated files oldest first, then the log. */
  readonly files: readonly LogFile[];
  readonly compressed: readonly CompressedFile[];
}

/** The parts of the program that handle what is left for later. `wake`: something happened to a part, the log is to be looked at. */
interface LeftForLaterParts {
  readonly listener: SourceListener;
  readonly portions: Portions;
  readonly report: StatusReport;
  readonly wake: () => void;
}

/** The part of one log that is left for later: handed over before the newest lines are read, and reported until it is over. */
export class LeftForLater {
  readonly #listener: SourceListener;
  readonly #portions: Portions;
  readonly #watch: OlderWatch;
  #parts: readonly OlderPart[] = [];
  #pending = 0;

  constructor({ listener, portions, report, wake }: LeftForLaterParts) {
    [this.#listener, this.#portions] = [listener, portions];
    this.#watch = {
      progress: bytes => report.older(bytes),
      changed: wake,
      over: lostBytes => {
        report.older(lostBytes, true);
        this.#pending -= 1;
        wake();
      },
    };
  }

  /** Some of it is not over. */
  get isPending(): boolean {
    return this.#pending > 0;
  }

  /** Leaves what can be left of much, if the listener wants it so. Returns how many bytes that is. */
  async leave(holdings: Holdings): Promise<number> {
    if (!this.#listener.older) return 0;
    this.#parts = await leaveOlder(holdings, this.#portions, this.#watch);
    this.#pending += this.#parts.length;
    return this.#parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  handOver(): void {
    for (const part of this.#parts) this.#listener.older?.(part);
    this.#parts = [];
  }
}

/** Leaves all but the newest lines of a log for later, if they are many; the parts to be counted later, newest first. */
async function leaveOlder(
  { files, compressed }: Holdings,
  portions: Portions,
  watch: OlderWatch,
): Promise<readonly OlderPart[]> {
  const zipped = compressed.reduce((sum, { size }) => sum + size, 0);
  const plain = files.reduce((sum, { unreadBytes }) => sum + unreadBytes, 0);
  if (plain + COMPRESSED * zipped <= portions.large) return [];
  const parts: OlderPart[] = [];
  let wanted = portions.newest;
  for (const file of files.toReversed()) {
    const part =
      file.isFresh && file.unreadBytes > wanted ? await file.leaveOlder(wanted, portions, watch) : null;
    if (part) parts.push(part);
    wanted = Math.max(0, wanted - file.unreadBytes);
  }
  return [...parts, ...compressed.toReversed().map(file => new CompressedPart(file, watch))];
}
