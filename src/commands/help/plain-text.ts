import { blocksOf, type Block } from './markdown.ts';

/** The widest column of a table, except its last one, in characters. */
const WIDEST_COLUMN = 32;
const INDENT = '    ';

/** A topic as text for a terminal of `width` columns. Code keeps its lines; everything else is wrapped. */
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

/** Links and bold text become their words. Backticks stay: they tell a key or a command from a word. */
const plainWords = (text: string): string =>
  text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('**', '');

/** The rows of a table; every cell is wrapped within its column, and the last column takes what is left. */
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

/** A text cut between words into lines of at most `width` characters. A longer word keeps a line to itself. */
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
