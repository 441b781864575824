import type { JsonObject } from '../../core/event.ts';
import { isObject, parseObject } from '../../core/record.ts';
import { decodeLine, systemOf, type DecodedLine } from '../../systems/decode-line.ts';
import { exactRecord } from '../../systems/exact-record.ts';
import { isNormalised } from '../../systems/normalised-event.ts';
import type { Origin, System } from '../../systems/system.ts';
import { carriedIn, carriedInText, type CarriedLine } from './carried-line.ts';
import { envelopeInText, envelopeOf, type EnclosedItem, type OpenEnvelope } from './envelopes.ts';
import { joined, timed, within, type LineReading } from './line-reading.ts';
import { isTooLong, Pieces, type UnfinishedLine } from './pieces.ts';
import { formOf, MAX_PREFIXES, prefixesOf } from './prefix.ts';
import { withoutRecord, type Malformed } from './without-record.ts';
import { bareText, recordsInText, type TextWithRecords } from './records-in-text.ts';

/** Reads lines that hold whole records with something around them. A line that is a known record is that record alone. */
export class WrappedLines {
  readonly #systems: readonly System[];
  readonly #pieces = new Map<string, Pieces>();

  constructor(systems: readonly System[]) {
    this.#systems = systems;
  }

  read(line: string, origin: Origin): LineReading {
    const plain = decodeLine(line, origin, this.#systems);
    if (plain.type === 'event' || plain.type === 'blank' || isClaimed(plain))
      return { results: [plain], texts: [line], through: [] };
    const envelope = plain.type === 'malformed' ? envelopeInText(line) : null;
    return envelope
      ? this.#enclosed(envelope, origin)
      : this.#opened(this.#wrapped(line, plain, origin), origin);
  }

  #wrapped(line: string, plain: DecodedLine, origin: Origin): LineReading {
    const carried = plain.type === 'unrecognised' ? carriedIn(plain.event.raw) : carriedInText(line);
    if (carried?.type === 'carried') return this.#carried(carried, origin);
    if (carried)
      return { results: [{ ...carried, type: 'malformed' }], texts: [line], through: [carried.by] };
    return this.#inText(line, plain, origin);
  }

  /** The rest of a source that has ended: lines whose rest never came. */
  end(origin: Origin): LineReading {
    const readings = (this.#pieces.get(origin.source)?.end() ?? []).map(line => this.#finished(line, origin));
    return this.#opened(joined(readings), origin);
  }

  /** The readings of a line with what stands in envelopes in their place. No envelope within another is opened. */
  #opened(reading: LineReading, origin: Origin): LineReading {
    const { results, texts, through } = reading;
    if (!results.some(({ type }) => type === 'unrecognised')) return reading;
    const opened = results.map((result, index): LineReading => {
      const text = texts[index] ?? null;
      const record = result.type === 'unrecognised' && text !== null ? this.#unowned(text, origin) : null;
      const envelope = record && envelopeOf(record, () => exactRecord(record, text ?? ''));
      return envelope ? this.#enclosed(envelope, origin) : { results: [result], texts: [text], through: [] };
    });
    const inner = joined(opened);
    return { ...inner, through: [...through, ...inner.through] };
  }

  /** The object of a line that no system owns, with its numbers as they stand. What egresstop printed of one is none. */
  #unowned(line: string, origin: Origin): JsonObject | null {
    const record = parseObject(line);
    if (!record || isNormalised(record) || systemOf(record, this.#systems, origin)) return null;
    return record;
  }

  /** Each item of an envelope counts as it would by itself. */
  #enclosed({ by, items, fields, remedy }: OpenEnvelope, origin: Origin): LineReading {
    const { results, texts, through } = joined(items.map(item => this.#item(item, fields, origin)));
    return {
      texts,
      results: results.map(result => within(result, { by, remedy })),
      through: [by, ...new Set(through)],
    };
  }

  /** An item of an envelope. A record of no system may be a collector's, or have its line in one of these fields. */
  #item({ value, time }: EnclosedItem, fields: readonly string[], origin: Origin): LineReading {
    const line = lineOf(value);
    const plain = decodeLine(line, origin, this.#systems);
    const record = plain.type === 'unrecognised' ? this.#unowned(line, origin) : null;
    const inner = record && this.#lineIn(exactRecord(record, line), fields, origin);
    const { results, texts, through } = inner ?? this.#inText(line, plain, origin);
    return { texts, results: results.map(result => timed(result, time)), through };
  }

  /** The line that a record of no system holds; null where it holds none, and is what it is. */
  #lineIn(raw: JsonObject, fields: readonly string[], origin: Origin): LineReading | null {
    const carried = carriedIn(raw);
    if (carried?.type === 'carried') return this.#finished({ first: carried, ...sizeOf(carried) }, origin);
    const held = fields
      .map(field => raw[field])
      .find(value => isObject(value) || (typeof value === 'string' && value !== ''));
    if (held === undefined) return null;
    const line = lineOf(held);
    const found = this.#inText(line, decodeLine(line, origin, this.#systems), origin);
    const isRecord =
      (typeof held === 'string' && /^\s*\{/.test(held)) || found.results.some(({ type }) => type === 'event');
    return isRecord ? found : null;
  }

  #carried(carried: CarriedLine, origin: Origin): LineReading {
    const pieces = this.#piecesOf(origin);
    const line = pieces.join(carried);
    if (!carried.goesOn || this.#isWhole(line, origin)) return this.#finished(line, origin);
    const givenUp = pieces.hold(line);
    return givenUp ? this.#finished(givenUp, origin) : { results: [], texts: [], through: [carried.by] };
  }

  /** A last line without a line feed looks like a piece: where it is a record already, it counts at once. */
  #isWhole({ text }: UnfinishedLine, origin: Origin): boolean {
    return text.trimEnd().endsWith('}') && decodeLine(text, origin, this.#systems).type === 'event';
  }

  /** A carried line counts as it would by itself. */
  #finished(line: UnfinishedLine, origin: Origin): LineReading {
    const { by, time, remedy } = line.first;
    if (isTooLong(line)) {
      const why = `through ${by}: a line of ${line.length} characters: longer than 1 MiB`;
      return { results: [{ type: 'malformed', why, remedy }], texts: [null], through: [by] };
    }
    const plain = decodeLine(line.text, origin, this.#systems);
    const { results, texts, through } = this.#inText(line.text, plain, origin);
    return {
      texts,
      results: results.map(result => timed(within(result, { by, remedy }), time)),
      through: [by, ...through],
    };
  }

  /** A line of text is what stands in it: a system's line behind a prefix, whole records and separators, or one known record at its end. */
  #inText(line: string, plain: DecodedLine, origin: Origin): LineReading {
    if (plain.type !== 'malformed' || isClaimed(plain))
      return { results: [plain], texts: [line], through: [] };
    const text = this.#behindPrefix(line, origin) ?? this.#bare(line, origin);
    if (text) return text;
    const found = recordsInText(line, text => decodeLine(text, origin, this.#systems).type === 'event');
    if (found.type === 'records') return this.#records(found, origin);
    if (found.type === 'prefixed') return this.#prefixed(found, origin);
    if (found.type === 'mixed' && found.count > 1)
      return malformed(line, {
        ...plain,
        why: `${found.count} JSON objects beside other text: which are records is not known`,
        remedy: 'let the writer put each record on a line of its own',
      });
    return malformed(line, withoutRecord(line, plain));
  }

  /** A line of text that a system writes, behind a prefix of a known form, or behind two; null where there is none. */
  #behindPrefix(line: string, origin: Origin, prefixes = 1): LineReading | null {
    for (const { name, time, rest } of prefixesOf(line)) {
      const text = this.#text(rest, origin);
      if (text) return { ...text, results: text.results.map(result => timed(result, time)), through: [name] };
      const inner = prefixes < MAX_PREFIXES ? this.#behindPrefix(rest, origin, prefixes + 1) : null;
      if (inner) return { ...inner, through: [name, ...inner.through] };
    }
    return null;
  }

  /** A line of text between colours and separators, behind a prefix or not; null where it is none. */
  #bare(line: string, origin: Origin): LineReading | null {
    const found = bareText(line);
    const text = found && (this.#text(found.text, origin) ?? this.#behindPrefix(found.text, origin));
    return text && { ...text, through: [...found.around, ...text.through] };
  }

  /** A line of text as a system reads it by itself; null where none does. */
  #text(line: string, origin: Origin): LineReading | null {
    if (line.startsWith('{')) return null;
    const result = decodeLine(line, origin, this.#systems);
    const isRead = result.type === 'event' || isClaimed(result);
    return isRead ? { results: [result], texts: [line], through: [] } : null;
  }

  #records(found: TextWithRecords & { readonly type: 'records' }, origin: Origin): LineReading {
    const results = found.records.map(record =>
      record.type === 'whole' ? decodeLine(record.text, origin, this.#systems) : tornRecord(record),
    );
    return { results, texts: found.records.map(({ text }) => text), through: found.around };
  }

  #prefixed(found: TextWithRecords & { readonly type: 'prefixed' }, origin: Origin): LineReading {
    const { name, time } = formOf(found.prefix);
    const result = decodeLine(found.record, origin, this.#systems);
    if (result.type === 'event' || (result.type === 'unrecognised' && name !== null))
      return {
        results: [timed(result, time)],
        texts: [found.record],
        through: [name ?? 'a text before each record', ...found.around],
      };
    return malformed(found.record, {
      type: 'malformed',
      why: 'a text before a JSON object that no system writes',
      remedy: 'egresstop reads one JSON object a line',
    });
  }

  #piecesOf({ source }: Origin): Pieces {
    const pieces = this.#pieces.get(source) ?? new Pieces();
    this.#pieces.set(source, pieces);
    return pieces;
  }
}

/** A broken record that a system says is its own. */
const isClaimed = (result: DecodedLine): boolean => result.type === 'malformed' && result.isClaimed === true;

const tornRecord = ({ isLast }: { readonly isLast: boolean }): Malformed => ({
  type: 'malformed',
  why: `a record that is cut off stands ${isLast ? 'behind others' : 'before another'} on its line`,
  remedy: 'look at the writer: it lost a line end and the rest of a record',
});

const malformed = (text: string, result: Malformed): LineReading => ({
  results: [result],
  texts: [text],
  through: [],
});

const sizeOf = ({ text }: CarriedLine): Pick<UnfinishedLine, 'text' | 'length'> => ({
  text,
  length: text.length,
});

/** A line of text is itself; a parsed value is a line of JSON. */
const lineOf = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\r?\n$/, '') : JSON.stringify(value);
