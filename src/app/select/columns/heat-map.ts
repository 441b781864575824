import { commonestVerdict } from '../../../core/commonest-verdict.ts';
import type { Verdict } from '../../../core/event.ts';
import type { SummedCounts } from '../../../core/traffic/counts.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import { fit, fitLine, fitName } from '../text/fit.ts';
import { short } from '../text/format.ts';
import { BLANK, line, span, type Line } from '../text/span.ts';
import { nameOnScreen } from './cells.ts';
import { VERDICT_TONE } from './verdict.ts';

/** The input of a heat map: hosts and tools, most frequent first, and the available cells and lines. */
interface HeatMap {
  readonly hosts: readonly HostRow[];
  readonly tools: readonly string[];
  readonly width: number;
  readonly height: number;
}

const HOST = 26;
const CELL = 12;
const GAP = 2;
/** The lines of the heading (a blank line, the legend, the names of the tools), and the least number of hosts for a map. */
const [HEAD, LEAST_HOSTS] = [3, 3];

/** A heat map of hosts by tools, with the number of decisions and the commonest verdict. Empty without room for it. */
export function heatMap({ hosts, tools, width, height }: HeatMap): readonly Line[] {
  const shownTools = tools.slice(0, Math.floor((width - GAP - HOST) / (CELL + GAP)));
  const space = height - HEAD;
  if (shownTools.length === 0 || space < LEAST_HOSTS) return [];
  const shown = hosts
    .filter(({ byTool }) => shownTools.some(tool => byTool.get(tool).total > 0))
    .slice(0, space);
  if (shown.length === 0) return [];
  const names = shownTools.map(tool =>
    span(`${gap}${fitName(nameOnScreen(tool, 'tool'), CELL, 'right')}`, 'dim'),
  );
  return [
    BLANK,
    ...fitted(line(LEGEND, 'accent'), width),
    [span(`${gap}${fit('HOST × TOOL', HOST)}`, 'dim'), ...names],
    ...shown.map(host => [
      span(`${gap}${fitName(nameOnScreen(host.name, 'host'), HOST)}`),
      ...shownTools.map(tool => cell(host.byTool.get(tool))),
    ]),
  ];
}

const gap = ' '.repeat(GAP);
const fitted = (text: Line, width: number): readonly Line[] => [fitLine(text, width)];

const LEGEND = '  A cell: decisions and the commonest verdict; + after it: others too; · none';

/** The number of decisions in the tone of the commonest verdict; a tie goes to the stricter one. */
function cell(counts: SummedCounts): Line[number] {
  if (counts.total === 0) return span(`${gap}${fit('·', CELL, 'right')}`, 'dim');
  const verdict = commonestVerdict(counts);
  const isMixed = counts[verdict] < counts.total;
  const text = `${short(counts.total)} ${WORD[verdict]}${isMixed ? '+' : ' '}`;
  return span(`${gap}${fit(text, CELL, 'right')}`, VERDICT_TONE[verdict]);
}

const WORD: Readonly<Record<Verdict, string>> = {
  allow: 'allow',
  deny: 'deny',
  'would-deny': 'would',
  pending: 'pend',
  error: 'error',
};
