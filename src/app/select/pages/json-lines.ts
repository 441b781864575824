import { grouped, plural } from '../../../core/grouped.ts';
import { isFolded, type Folding } from '../../state/page.ts';
import { fitLine, lineWidth, wrap } from '../text/fit.ts';
import { span, type Line, type Span, type Tone } from '../text/span.ts';
import type { PageLine } from './page.ts';

/** Lists and objects with more members are folded at first. An open one shows at most `MOST_SHOWN` members. */
const OPEN_UP_TO = 100;
const MOST_SHOWN = 1_000;
/** The most characters of an opened text. */
const MOST_CHARACTERS = 20_000;
/** The deepest level that is indented. Deeper levels stand at the same column for lack of room. */
const MOST_INDENTED = 12;

/** The inputs of all lines of a value: the folding, the width and the whole record. */
interface Making {
  readonly folding: Folding;
  /** The width in cells. */
  readonly width: number;
  /** The text that copying the whole record gives. */
  readonly whole: string;
}

/**
 * A value as lines of JSON. Objects and lists can be folded. Long texts are cut and can be opened. A string is always shown as text, even
 * if it holds JSON.
 */
export const jsonLines = (value: unknown, making: Making): readonly PageLine[] =>
  partLines({ value, path: '', depth: 0, label: [], comma: '' }, making);

interface Part {
  readonly value: unknown;
  /** The path of keys and indices, each after a slash (RFC 6901). */
  readonly path: string;
  readonly depth: number;
  readonly label: Line;
  readonly comma: string;
}

function partLines(part: Part, making: Making): readonly PageLine[] {
  const { value } = part;
  if (typeof value === 'string') return textLines(part, value, making);
  if (typeof value === 'object' && value !== null) return groupLines(part, value, making);
  const tone: Tone = typeof value === 'number' ? 'pending' : 'warn';
  const text = JSON.stringify(value) ?? 'null';
  return [
    { line: [indent(part, ' '), ...part.label, span(text, tone), span(part.comma, 'dim')], copy: text },
  ];
}

const OPEN = '▾';
const FOLDED = '▸';

const indent = ({ depth }: Pick<Part, 'depth'>, mark: string): Span =>
  span(`${mark} ${'  '.repeat(Math.min(depth, MOST_INDENTED))}`, 'dim');

function groupLines(part: Part, value: object, making: Making): readonly PageLine[] {
  const { path, depth, label, comma } = part;
  const [opening, closing] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Object.entries(value);
  if (members.length === 0)
    return [
      {
        line: [indent(part, ' '), ...label, span(`${opening}${closing}${comma}`, 'dim')],
        copy: making.whole,
      },
    ];
  const copy = making.whole;
  if (isFolded(making.folding, path, members.length > OPEN_UP_TO)) {
    const count = plural(members.length, Array.isArray(value) ? 'item' : 'key');
    const text = `${opening} … ${closing}${comma}`;
    return [
      {
        line: [indent(part, FOLDED), ...label, span(text, 'dim'), span(`  ${count}`, 'dim')],
        fold: path,
        copy,
      },
    ];
  }
  const shown = members.slice(0, MOST_SHOWN);
  const left = members.length - shown.length;
  const inside = shown.flatMap(([key, member], index) =>
    partLines(
      {
        value: member,
        path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        depth: depth + 1,
        label: Array.isArray(value) ? [] : [span(JSON.stringify(key), 'accent'), span(': ', 'dim')],
        comma: index === members.length - 1 ? '' : ',',
      },
      making,
    ),
  );
  const more: readonly PageLine[] =
    left === 0
      ? []
      : [{ line: [indent({ depth: depth + 1 }, ' '), span(`… ${grouped(left)} more`, 'dim')], copy }];
  return [
    { line: [indent(part, OPEN), ...label, span(opening, 'dim')], fold: path, copy },
    ...inside,
    ...more,
    { line: [indent(part, ' '), span(`${closing}${comma}`, 'dim')], copy },
  ];
}

/** A text on one line. A longer one is cut, and opens into several lines. */
function textLines(part: Part, value: string, { folding, width }: Making): readonly PageLine[] {
  const { path, label, comma } = part;
  const before = lineWidth([indent(part, ' '), ...label]);
  const room = Math.max(16, width - before - 1);
  const shown = value.length > MOST_CHARACTERS ? value.slice(0, MOST_CHARACTERS) : value;
  const quoted = JSON.stringify(shown);
  const isShort = quoted.length <= room * 2 && lineWidth([span(quoted)]) <= room;
  if (isShort)
    return [{ line: [indent(part, ' '), ...label, span(quoted), span(comma, 'dim')], copy: value }];
  if (isFolded(folding, path, true)) {
    const size = `  ${plural(value.length, 'character')}`;
    const cut = fitLine([span(quoted.slice(0, room * 2))], Math.max(8, room - size.length));
    return [{ line: [indent(part, FOLDED), ...label, ...cut, span(size, 'dim')], fold: path, copy: value }];
  }
  const lines = wrap(quoted, Math.max(16, width - lineWidth([indent(part, ' ')])));
  const left = value.length - shown.length;
  return [
    { line: [indent(part, OPEN), ...label], fold: path, copy: value },
    ...lines.map(text => ({ line: [indent(part, ' '), span(text)], fold: path, copy: value })),
    ...(left === 0
      ? []
      : [
          {
            line: [indent(part, ' '), span(`… ${plural(left, 'more character')}`, 'dim')],
            fold: path,
            copy: value,
          },
        ]),
  ];
}
