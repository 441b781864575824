import type { ExportForm, ShownTable, ShownValue } from '../core/export/shown-table.ts';
import { visible } from '../core/visible.ts';
import { csvRecord } from './csv.ts';
import { PAGE_POLICY } from './html/page.ts';
import { Markup, markup } from './html/markup.ts';
import { STYLE } from './html/style.ts';
import { toJson } from './inert-json.ts';
import { markdownTable, markdownText } from './markdown.ts';

/** A list in the chosen format. Texts are made visible and cannot form markup or a formula. CSV has only the rows. */
export function shownTableText(table: ShownTable, form: ExportForm): string {
  switch (form) {
    case 'csv':
      return [table.columns.map(({ name }) => name), ...table.rows.map(row => row.map(filled))]
        .map(csvRecord)
        .join('');
    case 'json':
      return `${toJson(jsonOf(table), 2)}\n`;
    case 'md':
      return markdown(table);
    case 'html':
      return html(table);
  }
}

const filled = (value: ShownValue): string | number => value ?? '';

const jsonOf = ({ title, facts, columns, rows }: ShownTable): object => ({
  list: title,
  ...Object.fromEntries(facts),
  rows: rows.map(row => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))),
});

function markdown({ title, facts, columns, rows }: ShownTable): string {
  const told = facts.map(([label, value]) => `${markdownText(label)}: ${markdownText(value)}`).join(', ');
  const table = markdownTable(
    columns.map(({ name }) => name),
    rows.map(row => row.map(filled)),
  );
  return `**${markdownText(title)}**, ${told}\n\n${table}\n`;
}

function html({ title, facts, columns, rows }: ShownTable): string {
  const told = facts.map(
    ([label, value]) => markup`<p class="dim">${label}: <span class="name">${value}</span></p>`,
  );
  const classOf = (index: number): string => (columns[index]?.isNumber ? 'n' : 'name');
  const head = columns.map(({ name }, index) => markup`<th class="${classOf(index)}">${name}</th>`);
  const body = rows.map(
    row =>
      markup`<tr>${row.map((value, index) => markup`<td class="${classOf(index)}">${filled(value)}</td>`)}</tr>\n`,
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(PAGE_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>egresstop: ${visible(title)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
${told}
<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>
</body>
</html>
`.text;
}
