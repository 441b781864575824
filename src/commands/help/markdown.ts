/** A block of a topic. The topics use only these parts of Markdown. */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  | { readonly type: 'code'; readonly lines: readonly string[] }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'table'; readonly rows: readonly (readonly string[])[] };

/** The blocks of a Markdown text in order, without comments. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length;) {
    const { block, next } = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface BlockAt {
  readonly block: Block | null;
  /** The index of the first line after the block. */
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number): BlockAt {
  const first = lines[at] ?? '';
  if (first.trim() === '' || first.startsWith('<!--')) return { block: null, next: at + 1 };
  if (first.startsWith('```')) {
    const end = lines.indexOf('```', at + 1);
    const close = end === -1 ? lines.length : end;
    return { block: { type: 'code', lines: lines.slice(at + 1, close) }, next: close + 1 };
  }
  const heading = /^(#+) (.*)/.exec(first);
  if (heading)
    return {
      block: { type: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' },
      next: at + 1,
    };
  const next = endOfText(lines, at);
  return { block: textBlock(lines.slice(at, next)), next };
}

/** The first line after `at` that is empty or begins a code block. */
function endOfText(lines: readonly string[], at: number): number {
  const end = lines.findIndex((line, index) => index > at && (line.trim() === '' || line.startsWith('```')));
  return end === -1 ? lines.length : end;
}

function textBlock(lines: readonly string[]): Block {
  const [first = ''] = lines;
  if (first.startsWith('|'))
    return { type: 'table', rows: lines.filter(line => !/^\|[-|]+\|$/.test(line)).map(cellsOf) };
  if (!first.startsWith('* ')) return { type: 'paragraph', text: joined(lines) };
  const items: string[] = [];
  for (const line of lines)
    if (line.startsWith('* ')) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  return { type: 'list', items };
}

const joined = (lines: readonly string[]): string => lines.map(line => line.trim()).join(' ');

/** The cells of a table row. `\|` is a bar inside a cell. */
const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map(cell => cell.trim().replaceAll('\\|', '|'));
