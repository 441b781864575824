import { toJson } from './inert-json.ts';
import type { ReportRows } from './report.ts';

/**
 * The report as `JSON.stringify(report, null, 2)` writes it, in pieces: one for each host, so that 200,000 of them are never held
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

function* list(items: Iterable<unknown>): Generator<string> {
  let before = '[\n    ';
  for (const item of items) {
    yield before + indented(item, '    ');
    before = ',\n    ';
  }
  yield before.startsWith('[') ? '[]' : '\n  ]';
}

/** No line break but those of the layout stands in JSON. */
const indented = (value: unknown, indent: string): string => toJson(value, 2).replaceAll('\n', `\n${indent}`);
