import { VERDICTS } from '../../core/event.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { cutMiddle } from '../cut-middle.ts';
import { figure, table, type VerdictRow, verdictTable } from './figure.ts';
import { legend, patterns } from './style.ts';
import { type Markup, markup } from './markup.ts';

const [WIDTH, ROW, LEFT, RIGHT, TOP] = [960, 24, 270, 70, 34];
/** The most characters of a name beside its bar. */
const NAME = 36;
const TOP_HOSTS = 20;
const TOP_REASONS = 15;

/** The busiest hosts, with bars stacked by verdict. */
export function hostsFigure(hosts: readonly VerdictRow[]): Markup {
  const top = hosts.filter(({ total }) => total > 0).slice(0, TOP_HOSTS);
  if (top.length === 0) return markup`<p class="dim">No host was decided on.</p>`;
  const most = Math.max(...top.map(({ total }) => total));
  const rows = top.map((host, index) => {
    let x = LEFT;
    const parts = VERDICTS.filter(verdict => host[verdict] > 0).map(verdict => {
      const width = barWidth(host[verdict], most);
      const part = markup`<rect x="${rounded(x)}" y="${yOf(index)}" width="${width}" height="${ROW - 6}" fill="url(#hosts-${verdict})"><title>${host.name}: ${host[verdict]} ${verdict}</title></rect>`;
      x += width;
      return part;
    });
    return markup`${label(host.name, index)}${parts}${count(host.total, x, index)}`;
  });
  return figure({
    id: 'hosts',
    title: 'Busiest hosts by verdict',
    description: `${plural(top.length, 'host')}; the busiest is ${cutMiddle(top[0]?.name ?? '-', NAME)} with ${plural(most, 'decision')}.`,
    width: WIDTH,
    height: TOP + top.length * ROW,
    drawing: markup`${patterns('hosts')}${legend('hosts', 14)}${rows}`,
    caption: `The ${top.length} busiest of ${plural(hosts.length, 'host')}; all are listed below.`,
    table: verdictTable('Host', top),
  });
}

/** The reasons of denials, the most frequent first. */
export function reasonsFigure(denials: readonly (readonly [string, number])[]): Markup {
  const top = denials.slice(0, TOP_REASONS);
  if (top.length === 0) return markup`<p class="dim">Nothing was denied.</p>`;
  const most = Math.max(...top.map(([, denied]) => denied));
  const rows = top.map(([reason, denied], index) => {
    const width = barWidth(denied, most);
    return markup`${label(reason, index)}<rect class="bar" x="${LEFT}" y="${yOf(index)}" width="${width}" height="${ROW - 6}"><title>${reason}: ${denied}</title></rect>${count(denied, LEFT + width, index)}`;
  });
  const rest = denials.length - top.length;
  return figure({
    id: 'reasons',
    title: 'Denials by reason',
    description: `${plural(denials.length, 'reason')}; the most frequent is ${cutMiddle(top[0]?.[0] ?? '-', 80)}.`,
    width: WIDTH,
    height: TOP + top.length * ROW,
    drawing: markup`${rows}`,
    caption:
      rest > 0 ? `The ${top.length} most frequent reasons; the table has ${rest} more.` : 'Every reason.',
    table: table(['Reason', 'Denials'], denials.slice(0, 200)),
  });
}

const rounded = (length: number): number => Math.round(length * 100) / 100;
const yOf = (index: number): number => TOP + index * ROW;
const barWidth = (part: number, most: number): number =>
  rounded(Math.max(1, (part * (WIDTH - LEFT - RIGHT)) / most));

const label = (name: string, index: number): Markup =>
  markup`<text class="end" x="${LEFT - 8}" y="${yOf(index) + 13}">${cutMiddle(name, NAME)}<title>${name}</title></text>`;

const count = (total: number, x: number, index: number): Markup =>
  markup`<text class="dim" x="${rounded(x + 6)}" y="${yOf(index) + 13}">${grouped(total)}</text>`;
