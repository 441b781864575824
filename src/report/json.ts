import { writeHost } from './host-json.ts';
import { inertJson, toJson } from './inert-json.ts';
import type { HostReports, RankedRows } from './report.ts';

/**
 * The report as `JSON.stringify(report, null, 2)` writes it, safe for a terminal. It comes in pieces of few hosts, so that the text of
 * 200,000 hosts is never in memory at once.
 */
export function* reportJson(report: RankedRows): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(report) as [string, unknown][]) {
    yield `${before}  ${JSON.stringify(key)}: `;
    if (value === report.hosts) yield* hostList(report.hosts);
    else yield indented(value, '  ');
    before = ',\n';
  }
  yield '\n}\n';
}

/** So many hosts become one piece. */
const HOSTS_AT_ONCE = 32;

function* hostList({ rows, machines }: HostReports): Generator<string> {
  if (rows.length === 0) return yield '[]';
  for (let from = 0; from < rows.length; from += HOSTS_AT_ONCE) {
    const pieces: string[] = [];
    for (const row of rows.slice(from, from + HOSTS_AT_ONCE)) {
      pieces.push(from === 0 && pieces.length === 0 ? '[\n    ' : ',\n    ');
      writeHost(pieces, row, machines);
    }
    yield inertJson(pieces.join(''));
  }
  yield '\n  ]';
}

/** JSON text has no line breaks other than those of its layout. */
const indented = (value: unknown, indent: string): string => toJson(value, 2).replaceAll('\n', `\n${indent}`);
