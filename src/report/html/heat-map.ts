import { OTHER } from '../../core/traffic/tally.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { cutMiddle } from '../cut-middle.ts';
import { figure, table } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import type { Report } from '../report.ts';

const [WIDTH, ROW, LEFT, TOP] = [960, 26, 270, 40];
const [HOSTS, TOOLS] = [20, 10];

/** Which tool asked for which host how often: the busiest hosts by the busiest tools, with the number in each cell. */
export function heatMapFigure(report: Report): Markup {
  const hosts = report.hosts.filter(({ total }) => total > 0).slice(0, HOSTS);
  const tools = report.tools
    .map(({ tool }) => tool)
    .filter(tool => tool !== OTHER)
    .slice(0, TOOLS);
  if (hosts.length === 0 || tools.length === 0) return markup`<p class="dim">No tool was seen.</p>`;
  const cells = hosts.map(host => tools.map(tool => ownCount(host.tools, tool)));
  const most = Math.max(1, ...cells.flat());
  const step = Math.min(120, (WIDTH - LEFT) / tools.length);
  const heads = tools.map(
    (tool, at) =>
      markup`<text class="mid" x="${LEFT + at * step + step / 2}" y="${TOP - 10}">${cutMiddle(tool, Math.floor(step / 8))}<title>${tool}</title></text>`,
  );
  const rows = hosts.map(
    ({ host }, row) =>
      markup`<text class="end" x="${LEFT - 8}" y="${TOP + row * ROW + 17}">${cutMiddle(host, 36)}<title>${host}</title></text>${(cells[row] ?? []).map((count, at) => cell({ count, most, x: LEFT + at * step, y: TOP + row * ROW, step }))}`,
  );
  return figure({
    id: 'heat',
    title: 'Hosts by tool',
    description: `${plural(hosts.length, 'host')} by ${plural(tools.length, 'tool')}; the fullest cell holds ${plural(most, 'decision')}.`,
    width: WIDTH,
    height: TOP + hosts.length * ROW,
    drawing: markup`${heads}${rows}`,
    caption: captionOf(report, tools.length),
    table: table(
      ['Host', ...tools],
      hosts.map(({ host }, row) => [host, ...(cells[row] ?? [])]),
    ),
  });
}

interface Cell {
  readonly count: number;
  readonly most: number;
  readonly x: number;
  readonly y: number;
  readonly step: number;
}

/** The darker the more; the number says it as well. */
function cell({ count, most, x, y, step }: Cell): Markup {
  const shade = count === 0 ? 0 : 0.12 + 0.88 * (Math.log1p(count) / Math.log1p(most));
  const number =
    count === 0
      ? null
      : markup`<text class="${shade > 0.7 ? 'mid on' : 'mid'}" x="${x + step / 2}" y="${y + 17}">${grouped(count)}</text>`;
  const box = markup`x="${x}" y="${y}" width="${step - 2}" height="${ROW - 2}"`;
  return markup`<rect class="none" ${box}/>${count === 0 ? null : markup`<rect class="cell" ${box} fill-opacity="${Math.round(shade * 100) / 100}"/>`}${number}`;
}

function captionOf({ hosts, tools }: Report, shown: number): string {
  const more = tools.length > shown ? ` of ${tools.length}` : '';
  return `Decisions, whatever the verdict: the ${Math.min(HOSTS, hosts.length)} busiest hosts by the ${shown} busiest tools${more}.`;
}

/** Own keys only: a tool may be called `constructor`. */
const ownCount = (counts: Readonly<Record<string, number>>, name: string): number =>
  Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0;
