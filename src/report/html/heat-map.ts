import { commonestVerdict } from '../../core/commonest-verdict.ts';
import { type Verdict, VERDICTS } from '../../core/event.ts';
import { OTHER } from '../../core/traffic/tally.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { cutMiddle } from '../cut-middle.ts';
import { figure, table } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import type { Report } from '../report.ts';
import { legend, patterns } from './style.ts';

const [WIDTH, ROW, LEFT, TOP] = [960, 26, 270, 66];
const [HOSTS, TOOLS] = [20, 8];

type Given = Readonly<Partial<Record<Verdict, number>>>;

/** The busiest hosts by the busiest tools. Each cell shows the number of decisions and the commonest verdict. */
export function heatMapFigure(report: Report): Markup {
  const hosts = report.hosts.filter(({ total }) => total > 0).slice(0, HOSTS);
  const tools = report.tools
    .map(({ tool }) => tool)
    .filter(tool => tool !== OTHER)
    .slice(0, TOOLS);
  if (hosts.length === 0 || tools.length === 0) return markup`<p class="dim">No tool was seen.</p>`;
  const cells = hosts.map(({ byTool }) => tools.map(tool => givenBy(byTool, tool)));
  const most = Math.max(1, ...cells.flat().map(totalOf));
  const step = Math.min(120, (WIDTH - LEFT) / tools.length);
  const heads = tools.map(
    (tool, at) =>
      markup`<text class="mid" x="${LEFT + at * step + step / 2}" y="${TOP - 10}">${cutMiddle(tool, Math.floor(step / 8))}<title>${tool}</title></text>`,
  );
  const rows = hosts.map(
    ({ host }, row) =>
      markup`<text class="end" x="${LEFT - 8}" y="${TOP + row * ROW + 17}">${cutMiddle(host, 36)}<title>${host}</title></text>${(cells[row] ?? []).map((given, at) => cell({ given, most, x: LEFT + at * step, y: TOP + row * ROW, step }))}`,
  );
  return figure({
    id: 'heat',
    title: 'Hosts by tool',
    description: `${plural(hosts.length, 'host')} by ${plural(tools.length, 'tool')}; the fullest cell holds ${plural(most, 'decision')}.`,
    width: WIDTH,
    height: TOP + hosts.length * ROW,
    drawing: markup`${patterns('heat')}${legend('heat', 14)}${heads}${rows}`,
    caption: captionOf(report, tools.length),
    table: table(
      ['Host', ...tools],
      hosts.map(({ host }, row) => [host, ...(cells[row] ?? []).map(inWords)]),
    ),
  });
}

interface Cell {
  readonly given: Given;
  readonly most: number;
  readonly x: number;
  readonly y: number;
  readonly step: number;
}

/** The width of the stripe that shows a verdict's pattern in a cell. */
const STRIPE = 8;

/**
 * A cell: the commonest verdict's colour, pattern and word, and the number. The colour is stronger for larger numbers. `+`: there are other
 * verdicts too.
 */
function cell({ given, most, x, y, step }: Cell): Markup {
  const count = totalOf(given);
  const box = markup`x="${x}" y="${y}" width="${step - 2}" height="${ROW - 2}"`;
  if (count === 0) return markup`<rect class="none" ${box}/>`;
  const verdict = commonestVerdict(given);
  const shade = 0.1 + 0.3 * (Math.log1p(count) / Math.log1p(most));
  const isMixed = (given[verdict] ?? 0) < count;
  const text = `${grouped(count)} ${WORD[verdict]}${isMixed ? '+' : ''}`;
  return markup`<rect class="none" ${box}/><rect class="${verdict}" ${box} fill-opacity="${Math.round(shade * 100) / 100}"/><rect x="${x}" y="${y}" width="${STRIPE}" height="${ROW - 2}" fill="url(#heat-${verdict})"/><text class="mid" x="${x + STRIPE / 2 + step / 2}" y="${y + 17}">${text}<title>${inWords(given)}</title></text>`;
}

const WORD: Readonly<Record<Verdict, string>> = {
  allow: 'allow',
  deny: 'deny',
  'would-deny': 'would',
  pending: 'pend',
  error: 'error',
};

/** The decisions in words: `2 allow, 1 deny`; `0` without any. */
const inWords = (given: Given): string =>
  VERDICTS.filter(verdict => (given[verdict] ?? 0) > 0)
    .map(verdict => `${grouped(given[verdict] ?? 0)} ${verdict}`)
    .join(', ') || '0';

const totalOf = (given: Given): number => VERDICTS.reduce((sum, verdict) => sum + (given[verdict] ?? 0), 0);

function captionOf({ hosts, tools }: Report, shown: number): string {
  const more = tools.length > shown ? ` of ${tools.length}` : '';
  return `Decisions and the commonest verdict; + stands for others too: the ${Math.min(HOSTS, hosts.length)} busiest hosts by the ${shown} busiest tools${more}.`;
}

/** Looks at own keys only, because a tool may be named `constructor`. */
const givenBy = (byTool: Readonly<Record<string, Given>>, tool: string): Given =>
  Object.hasOwn(byTool, tool) ? (byTool[tool] ?? {}) : {};
