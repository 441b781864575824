import { VERDICTS } from '../../core/event.ts';
import { toIso } from '../../core/time.ts';
import type { Chart } from '../../core/traffic/time/time-line.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { figure, verdictTable } from './figure.ts';
import { legend, patterns } from './style.ts';
import { type Markup, markup } from './markup.ts';

/** The most columns. Thinner ones cannot be told apart on paper. */
export const TIME_COLUMNS = 96;

const [WIDTH, HEIGHT, LEFT, TOP] = [960, 220, 56, 34];

/** Decisions over time in columns stacked by verdict, with the same numbers as a table. */
export function timeLineFigure(chart: Chart | null, timeless: number): Markup {
  if (!chart) return markup`<p class="dim">No decision has a time.</p>`;
  const caption = `Each column is ${spanOf(chart.widthMs)}, in UTC.${leftOut(chart.strays, timeless)}`;
  return figure({
    id: 'time',
    title: 'Decisions over time by verdict',
    description: `${chart.columns.length} columns from ${toIso(chart.start)}; the tallest holds ${grouped(tallest(chart))} decisions.`,
    width: WIDTH,
    height: TOP + HEIGHT + 30,
    drawing: markup`${patterns('time')}${legend('time', 14)}${grid(tallest(chart))}${columns(chart)}${ticks(chart)}`,
    caption,
    table: tableOf(chart),
  });
}

const tallest = ({ columns }: Chart): number =>
  columns.reduce((most, counts) => Math.max(most, counts?.total ?? 0), 1);

function leftOut(strays: number, timeless: number): string {
  const far = strays > 0 ? ` ${plural(strays, 'decision')} far before or after all others not drawn.` : '';
  return timeless > 0 ? `${far} ${plural(timeless, 'decision')} without a time not drawn.` : far;
}

function columns(chart: Chart): Markup {
  const step = (WIDTH - LEFT) / chart.columns.length;
  const scale = HEIGHT / tallest(chart);
  const bars = chart.columns.flatMap((counts, index) => {
    let y = TOP + HEIGHT;
    return VERDICTS.flatMap(verdict => {
      const count = counts?.[verdict] ?? 0;
      if (count === 0) return [];
      const height = count * scale;
      y -= height;
      const at = [LEFT + index * step, y, Math.max(1, step - 1), height].map(rounded);
      return [
        markup`<rect x="${at[0] ?? 0}" y="${at[1] ?? 0}" width="${at[2] ?? 0}" height="${at[3] ?? 0}" fill="url(#time-${verdict})"><title>${startOf(chart, index)}: ${count} ${verdict}</title></rect>`,
      ];
    });
  });
  return markup`${bars}`;
}

const rounded = (length: number): number => Math.round(length * 100) / 100;

const grid = (most: number): Markup =>
  markup`${[...new Set([0, Math.round(most / 2), most])].map(count => {
    const y = rounded(TOP + HEIGHT - (count * HEIGHT) / most);
    return markup`<path class="axis" d="M${LEFT} ${y}H${WIDTH}"/><text class="dim end" x="${LEFT - 6}" y="${y + 4}">${grouped(count)}</text>`;
  })}`;

/** About six labels along the axis. */
function ticks(chart: Chart): Markup {
  const [count, every] = [chart.columns.length, Math.max(1, Math.ceil(chart.columns.length / 6))];
  const marks = Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
  return markup`${marks.map(index => {
    const x = rounded(LEFT + (index * (WIDTH - LEFT)) / count);
    return markup`<text class="dim" x="${x}" y="${TOP + HEIGHT + 18}">${startOf(chart, index)}</text>`;
  })}`;
}

/** The label of a column's start. It has the date if columns are shorter than a day, and no time if they are days. */
function startOf({ start, widthMs }: Chart, index: number): string {
  const iso = toIso(start + index * widthMs);
  if (widthMs % 86_400_000 === 0) return iso.slice(0, 10);
  return iso.slice(5, widthMs < 60_000 ? 19 : 16).replace('T', ' ');
}

function spanOf(widthMs: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ] as const;
  const [unit, name] = units.find(([unit]) => widthMs % unit === 0) ?? [1_000, 'second'];
  return plural(widthMs / unit, name);
}

const tableOf = (chart: Chart): Markup =>
  verdictTable(
    'From (UTC)',
    chart.columns.flatMap((counts, index) =>
      counts
        ? [{ ...counts.verdicts(), name: toIso(chart.start + index * chart.widthMs), total: counts.total }]
        : [],
    ),
  );
