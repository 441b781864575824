import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { Line, LineBatch } from '../sources/source.ts';
import { decodeLine } from '../systems/decode-line.ts';
import type { Origin, System } from '../systems/system.ts';

/** Who hears of decoded lines. */
export interface Decoded {
  readonly event: (event: EgressEvent) => void;
  readonly malformed: (problem: Problem) => void;
}

/** Turns batches of lines into events and problems. Every line is one or the other, or blank. */
export class LineDecoder {
  readonly #systems: readonly System[];
  readonly #origins = new Map<string, Origin>();

  constructor(systems: readonly System[]) {
    this.#systems = systems;
  }

  decode({ source, first, lines, unterminated }: LineBatch, decoded: Decoded): void {
    const origin = this.#originOf(source);
    for (const [index, line] of lines.entries()) {
      const isCut = unterminated === true && index === lines.length - 1;
      this.#line(line, first + index, isCut, origin, decoded);
    }
  }

  #line(line: Line, number: number, isCut: boolean, origin: Origin, { event, malformed }: Decoded): void {
    const problem = { source: origin.source, line: number, column: null, severity: 'error' as const };
    if (typeof line !== 'string') {
      malformed({
        ...problem,
        why: `a line of ${line.bytes} bytes: longer than 1 MiB`,
        remedy: 'no system writes such records; look what does',
      });
      return;
    }
    const result = decodeLine(line, origin, this.#systems);
    if (result.type === 'event') event(result.event);
    else if (result.type === 'malformed') {
      malformed(
        isCut
          ? {
              ...problem,
              why: `unterminated last line: ${result.why}`,
              remedy: 'the writer may still be at it',
            }
          : { ...problem, why: result.why, remedy: result.remedy },
      );
    }
  }

  /** The agent a source's place names is looked up once. */
  #originOf(source: string): Origin {
    let origin = this.#origins.get(source);
    if (!origin) {
      const isFile = source !== '-' && !/^(?:unix:|https?:\/\/)/.test(source);
      const agent = isFile
        ? (this.#systems.map(system => system.agentAt(source)).find(name => name !== null) ?? null)
        : null;
      this.#origins.set(source, (origin = { source, agent }));
    }
    return origin;
  }
}
