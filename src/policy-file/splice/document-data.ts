import { parse as parseJsonc, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { parseDocument } from 'yaml';
import { jsonFault, type SyntaxFault, yamlFault } from '../../core/policy/syntax-fault.ts';
import type { DocumentChange, DocumentPath, ListChange, PolicyFormat } from '../../core/policy/dialect.ts';
import { listedLines } from '../../core/policy/listed-line.ts';
import { tomlData } from './splice-toml-data.ts';

/** The data of a document without its formatting: ordered maps, lists, scalars. */
export type Data = unknown;

/** The data of a text, or the syntax error. */
export type ParsedData =
  { readonly type: 'data'; readonly data: Data } | { readonly type: 'refused'; readonly why: string };

/** Parses with the format's plain parser, which is independent of the one that finds the places to edit. */
export function parseData(text: string, format: PolicyFormat): ParsedData {
  try {
    return { type: 'data', data: PARSERS[format](text) };
  } catch (error) {
    return { type: 'refused', why: firstLine(error) };
  }
}

const PARSERS: Readonly<Record<PolicyFormat, (text: string) => Data>> = {
  yaml: yamlData,
  json: jsonData,
  jsonc: jsoncData,
  toml: tomlData,
  lines: text => listedLines(text).map(line => line.text),
};

/** Whether the text is strict JSON. */
export const isJson = (text: string): boolean => parseData(text, 'json').type === 'data';

function jsonData(text: string): Data {
  try {
    return toMaps(JSON.parse(text));
  } catch (fault) {
    const errors: ParseError[] = [];
    parseJsonc(text, errors, { disallowComments: true });
    const [error] = errors;
    throw error
      ? faultAt(text, jsonFault(text, { ...error, code: printParseErrorCode(error.error) }))
      : fault; // only where both parsers fail
  }
}

function jsoncData(text: string): Data {
  const errors: ParseError[] = [];
  const data: unknown = parseJsonc(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) throw faultAt(text, jsonFault(text, { ...error, code: printParseErrorCode(error.error) }));
  return toMaps(data);
}

/** An error with its line and our description. */
const faultAt = (text: string, { offset, why }: SyntaxFault): Error =>
  new Error(`line ${text.slice(0, offset).split('\n').length}: ${why}`);

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

function yamlData(text: string): Data {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error)
    throw faultAt(text, yamlFault(text, { code: error.code, message: error.message, offset: error.pos[0] }));
  return document.toJS({ mapAsMap: true });
}

function toMaps(value: unknown): Data {
  if (Array.isArray(value)) return value.map(toMaps);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toMaps(inner)]));
}

/** The parsed data of a string that holds JSON. After a change only these data are compared, not their spelling. */
class Held {
  readonly data: Data;

  constructor(data: Data) {
    this.data = data;
  }
}

/** Applies a change to data. Where the path does not exist, lists and maps are made, so that the comparison with the edited text fails. */
export const changeData = (data: Data, change: DocumentChange): Data => changeAt(data, change.path, change);

function changeAt(data: Data, [key, ...rest]: DocumentPath, change: DocumentChange): Data {
  if (key === undefined) return changeEnd(data, change);
  if (change.type === 'drop' && rest.length === 0 && data instanceof Map)
    return new Map([...data].filter(([name]) => name !== key));
  if (Array.isArray(data) && typeof key === 'number' && key < data.length)
    return data.with(key, changeAt(data[key], rest, change));
  const map = new Map<unknown, unknown>(data instanceof Map ? data : []);
  return map.set(key, changeAt(map.get(key), rest, change));
}

function changeEnd(data: Data, change: DocumentChange): Data {
  if (change.type === 'set' || change.type === 'put') return change.value;
  if (change.type === 'drop') return data;
  const within = changeWithin(change);
  if (!within) return changeList(Array.isArray(data) ? data : [], change);
  return new Held(changeData(data instanceof Held ? data.data : heldBy(data), within));
}

function changeList(list: readonly unknown[], change: ListChange): readonly unknown[] {
  switch (change.type) {
    case 'add':
      return [...list, change.value];
    case 'remove':
      return list.toSpliced(change.index, 1);
    case 'insert':
      return list.toSpliced(change.index, 0, toMaps(change.item));
  }
}

/** The data of a string that holds JSON; undefined for any other value. */
function heldBy(data: Data): Data {
  const parsed = typeof data === 'string' ? parseData(data, 'json') : null;
  return parsed?.type === 'data' ? parsed.data : undefined;
}

/** The data, with strings parsed as JSON where `model` has them parsed. */
export function openLike(data: Data, model: Data): Data {
  if (model instanceof Held && typeof data === 'string') return new Held(heldBy(data));
  if (Array.isArray(data) && Array.isArray(model))
    return data.map((item, index) => openLike(item, model[index]));
  if (!(data instanceof Map) || !(model instanceof Map)) return data;
  return new Map([...data].map(([key, value]) => [key, openLike(value, model.get(key))]));
}

/** The change relative to the JSON inside a string; null for a change of the document itself. */
export function changeWithin(change: ListChange): ListChange | null {
  if (change.type === 'insert' || !change.within) return null;
  const { within, ...own } = change;
  return { ...own, path: within };
}
