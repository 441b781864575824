import type { PartialLog } from '../../../core/completeness.ts';
import type { LinesBefore } from '../../../core/problem.ts';
import type { Line } from '../../source.ts';
import type { NatsLink } from '../connect.ts';

/** Lines that follow on one another. */
export interface RecordLines {
  /** Whose lines they are; absent for those of the stream itself. */
  readonly source?: string;
  /** The number of the first line. */
  readonly first: number;
  readonly behind?: LinesBefore;
  readonly lines: readonly Line[];
  /** As the messages held them. */
  readonly bytes: number;
  /** Messages that stood behind them: 0 at the end of what is there. */
  readonly pending: number;
}

/** One reading of a stream, over as many connections as it takes. */
export interface StreamReading {
  /**
   * Reads on until the connection was lost and is back, or `signal` aborts. `onStart` hears how many bytes the stream holds. Throws a
   * SourceError where the stream is not there, and the library's errors.
   */
  readonly pass: (
    link: NatsLink,
    signal: AbortSignal,
    onStart?: (bytes: number) => void,
  ) => AsyncGenerator<RecordLines>;
  /** How far the records that were read can be relied on. */
  readonly partial: () => PartialLog;
}
