import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { UnrecognisedRecord } from '../core/traffic/unrecognised.ts';
import type { Line, LineBatch } from '../sources/source.ts';
import { decodeExact, type DecodedLine } from '../systems/decode-line.ts';
import { hasZonelessTime } from '../systems/recorded-time.ts';
import type { Origin, RequestJoin, System } from '../systems/system.ts';
import type { LineReading } from './wrapped/line-reading.ts';
import { WrappedLines } from './wrapped/wrapped-lines.ts';

/** The listener of decoded lines. */
export interface Decoded {
  readonly event: (event: EgressEvent) => void;
  readonly malformed: (problem: Problem) => void;
  /** A record that no system owns. */
  readonly unrecognised: (event: EgressEvent, record: UnrecognisedRecord) => void;
  /** Something about a source that makes no line unreadable, told once for each source. */
  readonly notice?: (problem: Problem) => void;
}

/** How files in other encodings are made plain ones. */
const REMEDIES: ReadonlyMap<string, string> = new Map(
  ['UTF-16LE', 'UTF-16BE'].map(encoding => [
    encoding,
    `let the writer write UTF-8, or use \`iconv -f ${encoding} -t UTF-8\``,
  ]),
);

/** Where a line stands. */
interface Place {
  readonly number: number | null;
  readonly isCut: boolean;
  readonly origin: Origin;
}

/**
 * Turns batches of lines into events and problems. Every line is an event, a record that no system owns, a problem, or blank. A line may
 * also hold several records, or a piece of one whose rest is to come.
 */
export class LineDecoder {
  readonly #systems: readonly System[];
  readonly #origins = new Map<string, Origin>();
  /** Sources whose times without a zone were told of. */
  readonly #zoneless = new Set<string>();
  readonly #wrapped: WrappedLines;
  /** The functions that find the news in the snapshots of each source, by the source and the system. */
  readonly #snapshots = new Map<string, ReturnType<NonNullable<System['snapshots']>>>();
  /** Sources with snapshots of which not all was counted. */
  readonly #short = new Set<string>();
  /** The systems that print snapshots: nearly every event is of another. */
  readonly #printing: ReadonlyMap<string, System>;
  /** The events of each source that wait for more of their requests, by the source and the system. */
  readonly #joins = new Map<string, { readonly source: string; readonly join: RequestJoin }>();
  readonly #joining: ReadonlyMap<string, System>;
  /** The wrapping of each source's records, as far as it was told. */
  readonly #through = new Map<string, Set<string>>();
  /** The last line of each source that was decoded. */
  readonly #last = new Map<string, number>();

  constructor(systems: readonly System[]) {
    this.#systems = systems;
    this.#wrapped = new WrappedLines(systems);
    this.#printing = new Map(
      systems.filter(({ snapshots }) => snapshots).map(system => [system.name, system]),
    );
    this.#joining = new Map(
      systems.filter(({ joinRequests }) => joinRequests).map(system => [system.name, system]),
    );
  }

  decode({ source, first, lines, form, unterminated }: LineBatch, decoded: Decoded): void {
    const origin = this.#originOf(source, form?.workspace ?? null);
    if (form && form.encoding !== null && lines.length > 0)
      this.#noticeWrapping([form.encoding], { number: first, isCut: false, origin }, decoded);
    this.#last.set(source, first + lines.length - 1);
    for (const [index, line] of lines.entries()) {
      const isCut = unterminated === true && index === lines.length - 1;
      this.#line(line, { number: first + index, isCut, origin }, decoded);
    }
  }

  /** A source has ended: what of its lines waited for more is told. */
  end(source: string, decoded: Decoded): void {
    const origin = this.#originOf(source);
    this.#tell(
      this.#wrapped.end(origin),
      { number: this.#last.get(source) ?? null, isCut: true, origin },
      decoded,
    );
    this.settle(decoded, source);
  }

  /** The sources of which an event may wait for more of its request. */
  get waiting(): readonly string[] {
    return [...new Set([...this.#joins.values()].map(({ source }) => source))];
  }

  /** Tells the events of a source that wait for more of their requests: nothing came for a while. */
  settle(decoded: Decoded, source: string): void {
    for (const [key, { source: of, join }] of this.#joins) {
      if (of !== source) continue;
      this.#joins.delete(key);
      for (const event of join.rest()) decoded.event(event);
    }
  }

  /** The events that are known in full with this one. */
  #joined(event: EgressEvent, { source }: Origin): readonly EgressEvent[] {
    const system = this.#joining.get(event.system);
    if (!system?.joinRequests) return [event];
    const key = `${event.system} ${source}`;
    const { join } = this.#joins.get(key) ?? { join: system.joinRequests() };
    this.#joins.set(key, { source, join });
    return join.add(event);
  }

  #line(line: Line, place: Place, decoded: Decoded): void {
    const { number, origin } = place;
    if (typeof line !== 'string') {
      decoded.malformed({
        source: origin.source,
        line: number,
        column: null,
        severity: 'error',
        why: `a line of ${line.bytes} bytes: ${line.envelope ? `${line.envelope.name}, ` : ''}longer than 1 MiB`,
        remedy: line.envelope
          ? `put each record on a line of its own: \`${line.envelope.program}\``
          : 'no system writes such records; look what does',
      });
      return;
    }
    this.#tell(this.#wrapped.read(line, origin), place, decoded);
  }

  #tell({ results, through }: LineReading, place: Place, decoded: Decoded): void {
    if (through.length > 0) this.#noticeWrapping(through, place, decoded);
    for (const result of results) this.#result(result, place, decoded);
  }

  /** The news of a snapshot, as events; any other event is itself. */
  #eventsOf(event: EgressEvent, place: Place, decoded: Decoded): readonly EgressEvent[] {
    const { origin } = place;
    const system = this.#printing.get(event.system);
    if (!system?.snapshots) return [event];
    const key = `${event.system} ${origin.source}`;
    const read = this.#snapshots.get(key) ?? system.snapshots();
    this.#snapshots.set(key, read);
    const news = read(event.raw, () => this.#noticeShort(place, decoded));
    return news?.map(record => decodeExact(system, record, origin)) ?? [event];
  }

  /** A snapshot counts more than is told at once: that is said once for each source, for the totals lack it. */
  #noticeShort({ number: line, origin: { source } }: Place, { notice }: Decoded): void {
    if (!notice || this.#short.has(source)) return;
    this.#short.add(source);
    notice({
      source,
      line,
      column: null,
      severity: 'warning',
      why: 'a row counts more decisions than one snapshot adds: the totals lack the rest',
      remedy: 'the next snapshots add the rest',
    });
  }

  #result(result: DecodedLine, place: Place, decoded: Decoded): void {
    const { number, isCut, origin } = place;
    const { source } = origin;
    if (result.type === 'event') {
      for (const event of this.#eventsOf(result.event, place, decoded)) {
        this.#noticeZone(event, place, decoded);
        for (const known of this.#joined(event, origin)) decoded.event(known);
      }
    } else if (result.type === 'unrecognised') {
      const { kind: name } = result.event;
      decoded.unrecognised(result.event, { name, source, line: number, example: result.example });
    } else if (result.type === 'malformed') {
      const { why, remedy } = isCut
        ? { why: `unterminated last line: ${result.why}`, remedy: 'the writer may still be at it' }
        : result;
      const column = isCut ? null : (result.column ?? null);
      decoded.malformed({ source, line: number, column, severity: 'error', why, remedy });
    }
  }

  /** Tells the wrapping of a source's records once for each source. */
  #noticeWrapping(
    through: readonly string[],
    { number, origin: { source } }: Place,
    { notice }: Decoded,
  ): void {
    if (!notice) return;
    const told = this.#through.get(source) ?? new Set();
    this.#through.set(source, told);
    for (const wrapping of through) {
      if (told.has(wrapping)) continue;
      told.add(wrapping);
      notice({
        source,
        line: number,
        column: null,
        severity: 'warning',
        why: `records are read through ${wrapping}`,
        remedy: REMEDIES.get(wrapping) ?? null,
        through: wrapping,
      });
    }
  }

  /** A time without a zone is read as UTC, which may be wrong by hours: that is said once for each source. */
  #noticeZone({ raw }: EgressEvent, { number: line, origin: { source } }: Place, { notice }: Decoded): void {
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

  /** The agent and the owner that a source's place, or a document's workspace, names are looked up once. */
  #originOf(source: string, workspace: string | null = null): Origin {
    const key = workspace === null ? source : JSON.stringify([source, workspace]);
    let origin = this.#origins.get(key);
    if (!origin) {
      const isFile = source !== '-' && !/^(?:unix:|https?:\/\/)/.test(source);
      const agent = isFile
        ? (this.#systems.map(system => system.agentAt(source)).find(name => name !== null) ?? null)
        : null;
      const owner = isFile ? (this.#systems.find(system => system.ownsLog?.(source))?.name ?? null) : null;
      const named = workspace === null ? null : this.#ownerOfWorkspace(workspace);
      origin = named === null ? { source, agent, owner } : { source, agent: workspace, owner: named };
      this.#origins.set(key, origin);
    }
    return origin;
  }

  /** The system whose workspaces may have this name: a document that names one holds its records. */
  #ownerOfWorkspace(name: string): string | null {
    return this.#systems.find(({ workspaces }) => workspaces?.invalidName(name) === null)?.name ?? null;
  }
}
