import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { UnrecognisedRecord } from '../core/traffic/unrecognised.ts';
import type { Line, LineBatch } from '../sources/source.ts';
import { decodeLine } from '../systems/decode-line.ts';
import { hasZonelessTime } from '../systems/recorded-time.ts';
import type { Origin, System } from '../systems/system.ts';

/** Who hears of decoded lines. */
export interface Decoded {
  readonly event: (event: EgressEvent) => void;
  readonly malformed: (problem: Problem) => void;
  /** A record that no system owns. */
  readonly unrecognised: (event: EgressEvent, record: UnrecognisedRecord) => void;
  /** Something about a source that makes no line unreadable, told once for each source. */
  readonly notice?: (problem: Problem) => void;
}

/** Turns batches of lines into events and problems. Every line is an event, a record that no system owns, a problem, or blank. */
export class LineDecoder {
  readonly #systems: readonly System[];
  readonly #origins = new Map<string, Origin>();
  /** Sources whose times without a zone were told of. */
  readonly #zoneless = new Set<string>();

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

  #line(line: Line, number: number, isCut: boolean, origin: Origin, decoded: Decoded): void {
    const { event, malformed, unrecognised } = decoded;
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
    if (result.type === 'event') {
      this.#noticeZone(result.event, number, origin, decoded);
      event(result.event);
    } else if (result.type === 'unrecognised') {
      const { kind: name } = result.event;
      unrecognised(result.event, { name, source: origin.source, line: number, example: result.example });
    } else if (result.type === 'malformed') {
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

  /** A time without a zone is read as UTC, which may be wrong by hours: that is said once for each source. */
  #noticeZone({ raw }: EgressEvent, line: number, { source }: Origin, { notice }: Decoded): void {
    if (!notice || this.#zoneless.has(source) || !hasZonelessTime(raw)) return;
    this.#zoneless.add(source);
    notice({
      source,
      line,
      column: null,
      severity: 'warning',
      why: 'times without a zone were read as UTC',
      remedy: 'let the writer add Z or an offset to its times',
    });
  }

  /** The agent and the owner that a source's place names are looked up once. */
  #originOf(source: string): Origin {
    let origin = this.#origins.get(source);
    if (!origin) {
      const isFile = source !== '-' && !/^(?:unix:|https?:\/\/)/.test(source);
      const agent = isFile
        ? (this.#systems.map(system => system.agentAt(source)).find(name => name !== null) ?? null)
        : null;
      const owner = isFile ? (this.#systems.find(system => system.ownsLog?.(source))?.name ?? null) : null;
      this.#origins.set(source, (origin = { source, agent, owner }));
    }
    return origin;
  }
}
