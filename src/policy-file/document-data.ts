import { parseDocument } from 'yaml';
import type { DocumentPath, ListChange, PolicyFormat } from '../core/dialect.ts';
import { tomlData } from './splice-toml-data.ts';

/** What a document says, whatever its text looks like: maps with their order, lists, scalars. */
export type Data = unknown;

/** The data of a text, or why there are none. */
export type ParsedData =
  { readonly type: 'data'; readonly data: Data } | { readonly type: 'refused'; readonly why: string };

/** Parses with the format's plain parser: no ranges, no surgery. */
export function parseData(text: string, format: PolicyFormat): ParsedData {
  try {
    return { type: 'data', data: PARSERS[format](text) };
  } catch (error) {
    return { type: 'refused', why: firstLine(error) };
  }
}

const PARSERS: Readonly<Record<PolicyFormat, (text: string) => Data>> = {
  yaml: yamlData,
  json: text => toMaps(JSON.parse(text)),
  jsonc: text => toMaps(JSON.parse(text)),
  toml: tomlData,
};

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

function yamlData(text: string): Data {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  return document.toJS({ mapAsMap: true });
}

function toMaps(value: unknown): Data {
  if (Array.isArray(value)) return value.map(toMaps);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toMaps(inner)]));
}

/** The data with the change made; what is no list or map on the way is replaced, so that the comparison fails where it must. */
export const changeData = (data: Data, change: ListChange): Data => changeAt(data, change.path, change);

function changeAt(data: Data, [key, ...rest]: DocumentPath, change: ListChange): Data {
  if (key === undefined) return changeList(Array.isArray(data) ? data : [], change);
  const map = new Map<unknown, unknown>(data instanceof Map ? data : []);
  return map.set(key, changeAt(map.get(key), rest, change));
}

const changeList = (list: readonly unknown[], change: ListChange): readonly unknown[] =>
  change.type === 'remove'
    ? list.toSpliced(change.index, 1)
    : change.type === 'add'
      ? [...list, change.value]
      : list.toSpliced(change.index, 0, toMaps(change.item));
