import { VERDICTS } from '../../core/event.ts';
import type { VerdictCounts } from '../../core/traffic/counts.ts';
import { grouped } from '../../core/grouped.ts';
import { type Content, type Markup, markup } from './markup.ts';

/** A chart with a title, a description and a table of its numbers, for readers who cannot see it. */
export interface Figure {
  /** A unique id within the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly drawing: Markup;
  readonly caption: string;
  readonly table: Markup;
}

export const figure = (one: Figure): Markup =>
  markup`<figure>
<svg viewBox="0 0 ${one.width} ${one.height}" role="img" aria-labelledby="${one.id}-title ${one.id}-desc"><title id="${one.id}-title">${one.title}</title><desc id="${one.id}-desc">${one.description}</desc>${one.drawing}</svg>
<figcaption>${one.caption}</figcaption>
<details><summary>The same as a table</summary>${one.table}</details>
</figure>
`;

/** A row of a table: a name and its decisions by verdict. */
export interface VerdictRow extends VerdictCounts {
  readonly name: string;
  readonly total: number;
}

export const verdictTable = (what: string, rows: readonly VerdictRow[]): Markup =>
  table(
    [what, 'Total', ...VERDICTS],
    rows.map(row => [row.name, row.total, ...VERDICTS.map(verdict => row[verdict])]),
  );

/** A table whose first column holds row headers. Numbers are aligned right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup {
  const isNumeric = header.map((_, at) => rows.length > 0 && rows.every(row => typeof row[at] === 'number'));
  const kind = (at: number): Content => (isNumeric[at] ? markup` class="n"` : null);
  const body = rows.map(row => markup`<tr>${row.map((cell, at) => cellOf(cell, at === 0, kind(at)))}</tr>\n`);
  return markup`<div class="wide"><table><thead><tr>${header.map((name, at) => markup`<th scope="col"${kind(at)}>${name}</th>`)}</tr></thead><tbody>
${body}</tbody></table></div>`;
}

function cellOf(cell: string | number | Markup, isHead: boolean, kind: Content): Markup {
  const shown = typeof cell === 'number' ? grouped(cell) : cell;
  return isHead ? markup`<th scope="row" class="name">${shown}</th>` : markup`<td${kind}>${shown}</td>`;
}
