import type { JsonObject, Verdict } from '../event.ts';
import { splitDestination, splitUrl, type Destination } from '../host.ts';
import { recordTest, scalarText, type RecordTest } from './conditions.ts';
import type { FieldMap, MapField, MapPath, MapValue } from './field-map.ts';
import { holdsSomething, JsonTexts, pathReader } from './map-path.ts';

/** A map's result for a record of its kind. `unlisted`: no condition is true; `why` names the values that no condition lists. */
export type MapRuling =
  | { readonly type: 'verdict'; readonly verdict: Verdict }
  | { readonly type: 'ignored' }
  | { readonly type: 'unlisted'; readonly why: string };

/** A map compiled for use on many records. */
export interface MapReader {
  readonly recognises: RecordTest;
  readonly ruling: (record: JsonObject) => MapRuling;
  /** The first value among a field's places; undefined without one. */
  readonly value: (field: MapField, record: JsonObject) => unknown;
  readonly times: (record: JsonObject) => readonly unknown[];
}

/** The most characters of a value that an error quotes. */
const LONGEST_VALUE = 40;
/** The most values that an error names. */
const MOST_NAMED = 3;

const IGNORED: MapRuling = { type: 'ignored' };

/** Compiles a map. */
export function mapReader(map: FieldMap): MapReader {
  const texts = new JsonTexts();
  const when = map.when.map(conditions => recordTest(conditions, texts));
  const ignore = map.ignore.map(conditions => recordTest(conditions, texts));
  const rules = map.verdict.map(rule => ({
    holds: recordTest(rule.when, texts),
    ruling: { type: 'verdict', verdict: rule.verdict } as const,
  }));
  const asked = askedPaths(map).map(path => ({ text: path.text, read: valueAt(path, texts) }));
  const fields = new Map(
    Object.entries(map.fields).map(([field, values]) => [
      field,
      firstOf(values.map(value => valueOf(value, texts))),
    ]),
  );
  const times = map.time.map(value => valueOf(value, texts));
  return {
    recognises: record => when.some(holds => holds(record)),
    ruling: record => {
      if (ignore.some(holds => holds(record))) return IGNORED;
      return rules.find(({ holds }) => holds(record))?.ruling ?? unlisted(map.name, asked, record);
    },
    value: (field, record) => fields.get(field)?.(record),
    times: record => times.map(read => read(record)).filter(holdsSomething),
  };
}

type ValueReader = (record: JsonObject) => unknown;

/** Reads the places in order up to the first one with a value. */
function firstOf(readers: readonly ValueReader[]): ValueReader {
  const [only] = readers;
  if (only && readers.length === 1) return only;
  return record => {
    for (const read of readers) {
      const value = read(record);
      if (holdsSomething(value)) return value;
    }
    return undefined;
  };
}

/** The paths that the verdict's conditions read, without duplicates. */
const askedPaths = ({ verdict }: FieldMap): readonly MapPath[] => {
  const paths = verdict.flatMap(({ when }) => when).filter(({ test }) => test.type === 'is');
  return [...new Map(paths.map(({ path }) => [path.text, path])).values()];
};

function unlisted(
  name: string,
  asked: readonly { readonly text: string; readonly read: ValueReader }[],
  record: JsonObject,
): MapRuling {
  const found = asked.map(({ text, read }) => ({ text, value: read(record) }));
  const named = found.filter(({ value }) => holdsSomething(value)).slice(0, MOST_NAMED);
  const shown = named.map(({ text, value }) => `${text} ${excerpt(JSON.stringify(value))}`);
  const first = asked[0]?.text ?? 'any value';
  return {
    type: 'unlisted',
    why: `${name}: no verdict for ${shown.length > 0 ? shown.join(', ') : `a record without ${first}`}`,
  };
}

const excerpt = (text: string): string =>
  text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;

/** The first value at a path. */
function valueAt(path: MapPath, texts: JsonTexts): ValueReader {
  const read = pathReader(path, texts);
  return record => {
    let found: unknown;
    read(record, value => {
      found = value;
      return holdsSomething(value);
    });
    return found;
  };
}

function valueOf(value: MapValue, texts: JsonTexts): ValueReader {
  if (value.type === 'path') return valueAt(value.path, texts);
  if (value.type === 'host') {
    const read = valueAt(value.path, texts);
    return record => hostIn(scalarText(read(record)) ?? '').host;
  }
  if (value.type === 'sum') return sumOf(value.paths.map(path => valueAt(path, texts)));
  const pieces = value.pieces.map(piece => (typeof piece === 'string' ? () => piece : valueAt(piece, texts)));
  return record => {
    const found = pieces.map(read => scalarText(read(record)));
    return found.every(text => text !== null && text !== '') ? found.join('') : undefined;
  };
}

/** The host and port of a URL, of `host:port` or of a bare name. */
export const hostIn = (text: string): Destination =>
  text.includes('://') ? splitUrl(text) : splitDestination(text);

const NUMBER = /^\d+(?:\.\d+)?$/;

/** The sum of the numbers that exist; undefined without any number. */
function sumOf(readers: readonly ValueReader[]): ValueReader {
  return record => {
    const texts = readers.map(read => scalarText(read(record)) ?? '').filter(text => NUMBER.test(text));
    return texts.length === 0 ? undefined : texts.reduce((sum, text) => sum + Number(text), 0);
  };
}
