import fc from 'fast-check';

/** One list of a generated policy: how it is written, and its key's first line and the line after its last. */
export interface GeneratedList {
  readonly key: string;
  readonly style: 'block' | 'inline' | 'lines' | 'packed';
  readonly values: readonly string[];
}

/** A policy text in somebody's handwriting. */
export interface GeneratedPolicy {
  readonly text: string;
  readonly lists: readonly GeneratedList[];
}

const word = fc.constantFrom(
  'api.example.com',
  '.pypi.org',
  'docs.rs',
  '10.0.0.1',
  'x',
  '.a.b',
  'host-1.test',
  '_dmarc.example',
);
const odd = fc.constantFrom(
  '*',
  '@home',
  '443',
  'yes',
  'a: b',
  'a #b',
  'a,b',
  '[::1]',
  "it's",
  'say "x"',
  'bücher.example',
);

/** An entry: mostly a host, sometimes one that YAML must quote. */
export const entry = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: odd });

const comment = fc.constantFrom('', '', '  # a note', ' # x, ] and - y', '\t# tab');
const above = fc.constantFrom('', '', '', '# above', '  # - old.example', '');
const quotes = fc.constantFrom('plain', 'single', 'double');

const quoted = (value: string, style: string): string => {
  if (style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return style === 'plain' && /^[a-z._][\w.-]*$/.test(value) && value !== 'yes'
    ? value
    : JSON.stringify(value);
};

const item = fc.record({ value: entry, quotes, comment, above });
type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;

const list = fc.record({
  style: fc.constantFrom<GeneratedList['style']>('block', 'block', 'inline', 'lines', 'packed'),
  items: fc.array(item, { maxLength: 4 }),
  comment,
  gap: fc.constantFrom(' ', ' ', '   ', '\t'),
  trailingComma: fc.boolean(),
  between: fc.constantFrom([], [''], ['# between', '']),
});
type List = typeof list extends fc.Arbitrary<infer T> ? T : never;

function linesOf(
  key: string,
  { style, items, comment, gap, trailingComma }: List,
  indent: string,
): readonly string[] {
  const written = items.map(({ value, quotes }) => quoted(value, quotes));
  const comma = trailingComma ? ',' : '';
  if (items.length === 0) return [`${key}: []${comment}`];
  if (style === 'inline') return [`${key}: [${written.join(', ')}${comma}]${comment}`];
  if (style === 'packed')
    return [`${key}: [ ${written.join(`,\n${' '.repeat(key.length + 4)}`)}${comma} ]${comment}`];
  const line = ({ above, comment }: Item, text: string): readonly string[] => [
    ...(above === '' ? [] : [above]),
    `${text}${comment}`,
  ];
  if (style === 'block')
    return [`${key}:${comment}`, ...items.flatMap((one, i) => line(one, `${indent}-${gap}${written[i]}`))];
  const end = (i: number): string => (i < items.length - 1 ? ',' : comma);
  return [
    `${key}: [${comment}`,
    ...items.flatMap((one, i) => line(one, `    ${written[i]}${end(i)}`)),
    `  ]${comment}`,
  ];
}

/** YAML policies: block and flow lists, any indentation, quoting, comments, line breaks, with or without the final one. */
export const generatedPolicy: fc.Arbitrary<GeneratedPolicy> = fc
  .record({
    head: fc.constantFrom([], ['# owner: platform', ''], ['---'], ['']),
    lists: fc.tuple(list, list),
    indent: fc.constantFrom('', '  ', '    ', ' '),
    eol: fc.constantFrom('\n', '\n', '\r\n'),
    final: fc.boolean(),
  })
  .map(({ head, lists, indent, eol, final }) => {
    const keys = ['allow', 'passthrough'] as const;
    const body = lists.flatMap((one, i) => [...one.between, ...linesOf(keys[i] ?? '', one, indent)]);
    const text = [...head, ...body].join('\n').replaceAll('\n', eol) + (final ? eol : '');
    return {
      text,
      lists: lists.map((one, i) => ({
        key: keys[i] ?? '',
        style: one.style,
        values: one.items.map(({ value }) => value),
      })),
    };
  });
