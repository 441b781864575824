import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The fixtures whose report is drawn. */
const LOGS = ['microagent-egress', 'zeph-audit', 'aasm-proxy', 'orcarouter-events'];
/** The charts that the picture shows, from top to bottom. */
const CHARTS = ['time', 'hosts', 'heat'];
const [WIDTH, GAP, FONT] = [1_000, 30, 'DejaVu Sans'];

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Charts of `report --html`, as the program draws them, in one SVG: the page's style sheet with the colours of its light theme filled in. */
export function reportCharts(): string {
  const logs = LOGS.map(name => pathOf(`../fixtures/${name}.jsonl`));
  const page = execFileSync(
    process.execPath,
    [pathOf('../../dist/cli.js'), 'report', ...logs, '--html', '-'],
    {
      encoding: 'utf8',
    },
  );
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  let height = GAP;
  const charts = CHARTS.map(id => {
    const [, chartHeight = '0', drawing = ''] =
      new RegExp(
        `<svg viewBox="0 0 \\d+ (\\d+)"[^>]*aria-labelledby="${id}-title[^>]*>(.*?)</svg>`,
        's',
      ).exec(page) ?? [];
    const placed = `<g transform="translate(20 ${height})">${drawing}</g>`;
    height += Number(chartHeight) + GAP;
    return placed;
  });
  const paper = colourOf(style, '--paper');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"><style>${plainRules(style)}</style><rect width="${WIDTH}" height="${height}" fill="${paper}"/>${charts.join('')}</svg>`;
}

/** The first value of a variable: that of the light theme. */
const colourOf = (style: string, name: string): string =>
  new RegExp(`${name}:([^;}]+)`).exec(style)?.[1] ?? 'none';

/** The rules for what is drawn, in the CSS that SVG renderers know: no variables, one font. */
const plainRules = (style: string): string =>
  style
    .split('\n')
    .filter(rule => /^(?:text|\.(?!name|dim|tiles|wide|missing))/.test(rule))
    .join('\n')
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => colourOf(style, name))
    .replace(/font:12px [^;}]+/g, `font-size:12px;font-family:${FONT}`);
