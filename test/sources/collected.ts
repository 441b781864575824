import type { SourceStatus } from '../../src/core/source-status.ts';
import type { Line, LineBatch, SourceListener, SourceMessage } from '../../src/sources/source.ts';

/** A listener that remembers everything, and checks that every batch of a source continues the lines before it or begins a new file. */
export class Collected implements SourceListener {
  readonly batches: LineBatch[] = [];
  readonly statuses: SourceStatus[] = [];
  readonly messages: SourceMessage[] = [];

  readonly lines = (batch: LineBatch): void => void this.batches.push(batch);
  readonly status = (status: SourceStatus): void => void this.statuses.push(status);
  readonly message = (_: string, message: SourceMessage): void => void this.messages.push(message);

  /** Every line so far, in the order of delivery. */
  get texts(): Line[] {
    return this.batches.flatMap(({ lines }) => lines);
  }

  /** `source:line text` of every line so far. */
  get placed(): string[] {
    return this.batches.flatMap(({ source, first, lines }) =>
      lines.map(
        (line, i) =>
          `${source.split('/').at(-1)}:${first + i} ${typeof line === 'string' ? line : line.bytes}`,
      ),
    );
  }

  /** How a source is doing, or null when nothing was said of it. */
  state(source: string): SourceStatus['state'] | null {
    return this.statuses.findLast(status => status.source === source)?.state ?? null;
  }

  why(source: string): string {
    return this.statuses.findLast(status => status.source === source)?.why ?? '';
  }
}
