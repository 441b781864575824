import { toJson } from './inert-json.ts';
import type { ReportRows } from './report.ts';

/**
 * The report as `JSON.stringify(report, null, 2)` writes it, in pieces of few hosts, so that 200,000 of them are never held
 * as one text. Inert on a terminal.
 */
export function* reportJson(report: ReportRows): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(report) as [string, unknown][]) {
    yield `${before}  ${JSON.stringify(key)}: `;
    if (isList(value)) yield* list(value);
    else yield indented(value, '  ');
    before = ',\n';
  }
  yield '\n}\n';
}

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** So many items of a list become one piece. */
const ITEMS_AT_ONCE = 32;

function* list(items: Iterable<unknown>): Generator<string> {
  let before = '[\n    ';
  let held: unknown[] = [];
  for (const item of items) {
    held.push(item);
    if (held.length < ITEMS_AT_ONCE) continue;
    yield before + listed(held);
    before = ',\n    ';
    held = [];
  }
  if (held.length > 0) yield before + listed(held);
  yield before.startsWith('[') && held.length === 0 ? '[]' : '\n  ]';
}

/** The text between the brackets of a list within an object: it stands as deep in a list within a list. */
const listed = (items: readonly unknown[]): string =>
  toJson([items], 2).slice('[\n  [\n    '.length, -'\n  ]\n]'.length);

/** No line break but those of the layout stands in JSON. */
const indented = (value: unknown, indent: string): string => toJson(value, 2).replaceAll('\n', `\n${indent}`);
