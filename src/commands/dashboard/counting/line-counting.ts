import type { Counting } from '../../../app/counting.ts';
import type { EgressEvent } from '../../../core/event.ts';
import type { LineBatch } from '../../../sources/source.ts';
import type { Selection } from '../../../reading/selection.ts';
import { settlingLater } from '../../../reading/settling.ts';
import { LineDecoder, type Decoded } from '../../../reading/line-decoder.ts';
import type { System } from '../../../systems/system.ts';

/** Takes each event of a source, and whether it is wanted. */
export type TakesEvent = (event: EgressEvent, isSelected: boolean) => void;

export interface LineCountingOptions {
  readonly systems: readonly System[];
  /** Null where every event is wanted. */
  readonly selection: Selection | null;
}

/** So many lines that a source gave at once. */
interface ReadLines extends Pick<LineBatch, 'source' | 'behind'> {
  readonly lines: number;
}

/** Counts what is no event. */
export type CountsLines = Pick<Counting, 'addUnrecognised' | 'addProblem' | 'addMalformed' | 'addRead'>;

/** Decodes lines and counts what they hold; the events go to whom the caller names. */
export class LineCounting {
  readonly #counting: CountsLines;
  readonly #isSelected: (event: EgressEvent) => boolean;
  readonly #isTimed: boolean;
  readonly #decoder: LineDecoder;
  /** The receiver of a source's events, one of which may wait. */
  readonly #takes = new Map<string, TakesEvent>();
  readonly #settleLater = settlingLater({ waiting: () => this.#decoder.waiting }, source =>
    this.#settle(source),
  );

  constructor(counting: CountsLines, { systems, selection }: LineCountingOptions) {
    this.#counting = counting;
    this.#isSelected = selection?.isSelected ?? (() => true);
    this.#isTimed = selection?.isTimed ?? false;
    this.#decoder = new LineDecoder(systems);
  }

  lines(batch: LineBatch, take: TakesEvent): void {
    const read = { ...batch, lines: batch.lines.length };
    this.#count(read, take, decoded => this.#decoder.decode(batch, decoded));
    if (this.#decoder.waiting.includes(batch.source)) this.#takes.set(batch.source, take);
    this.#settleLater();
  }

  /** No more lines of the source will come. */
  end(source: string, take: TakesEvent): void {
    this.#count({ source, lines: 0 }, take, decoded => this.#decoder.end(source, decoded));
  }

  /** Counts an event that waits for more of its request: nothing came for a while. */
  #settle(source: string): void {
    const take = this.#takes.get(source);
    if (take) this.#count({ source, lines: 0 }, take, decoded => this.#decoder.settle(decoded, source));
  }

  #count({ source, lines, behind }: ReadLines, take: TakesEvent, decode: (decoded: Decoded) => void): void {
    const counting = this.#counting;
    let [records, decisions, untimed] = [0, 0, 0];
    const meet = ({ at, verdict }: EgressEvent): void => {
      records += 1;
      if (verdict !== null) decisions += 1;
      if (this.#isTimed && at === null) untimed += 1;
    };
    decode({
      event: event => {
        meet(event);
        take(event, this.#isSelected(event));
      },
      unrecognised: (event, record) => {
        meet(event);
        if (this.#isSelected(event)) counting.addUnrecognised(event, record);
      },
      notice: problem => counting.addProblem(problem),
      malformed: problem => counting.addMalformed(behind ? { ...problem, behind } : problem),
    });
    counting.addRead(source, { lines, records, decisions, untimed });
  }
}
