import { blocksOf, type Block } from './markdown.ts';

/** The greatest width of a table column except the last. */
const WIDEST_COLUMN = 32;
const INDENT = '    ';

/** A topic as text for a terminal of `width` columns. Code is not wrapped, everything else is. */
export function plainText(markdown: string, width: number): string {
  return `${blocksOf(markdown)
    .map(block => linesOf(block, width).join('\n'))
    .join('\n\n')}\n`;
}

function linesOf(block: Block, width: number): readonly string[] {
  switch (block.type) {
    case 'heading':
      return [plainWords(block.text).toUpperCase()];
    case 'paragraph':
      return wrapped(plainWords(block.text), width);
    case 'code':
      return block.lines.map(line => `${INDENT}${line}`.trimEnd());
    case 'list':
      return block.items.flatMap(item =>
        wrapped(plainWords(item), width - 2).map((line, index) => (index === 0 ? `* ${line}` : `  ${line}`)),
      );
    case 'table':
      return tableLines(
        block.rows.map(row => row.map(plainWords)),
        width,
      );
  }
}

/** The text without the markup of links and bold. Backticks stay, because they mark keys and commands. */
const plainWords = (text: string): string =>
  text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('**', '');

/** The lines of a table. Each cell is wrapped within its column, and the last column takes the remaining width. */
function tableLines(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const inner = (rows[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: inner }, (_, column) =>
    Math.min(WIDEST_COLUMN, Math.max(...rows.map(row => (row[column] ?? '').length))),
  );
  widths.push(width - widths.reduce((sum, own) => sum + own + 2, 0));
  return rows.flatMap(row => {
    const cells = widths.map((own, column) => wrapped(row[column] ?? '', own));
    const height = Math.max(...cells.map(lines => lines.length));
    return Array.from({ length: height }, (_, line) =>
      widths
        .map((own, column) => padded(cells[column]?.[line] ?? '', own))
        .join('  ')
        .trimEnd(),
    );
  });
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - text.length));

/** The text wrapped to lines of at most `width` characters. A longer word gets its own line. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
