import { keyFor } from '../keys/key-bindings.ts';
import { VERDICTS } from '../../core/event.ts';
import { toIso } from '../../core/time.ts';
import { silenceWhy } from '../../core/traffic/source-totals.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { newsCount } from '../lists/new-hosts.ts';
import { countsOfAll, countsWholeHosts, narrowingOf, type Narrowing } from '../lists/narrowed-counts.ts';
import { fitLine, fitName, lineWidth, spread } from './text/fit.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { clock, short, sparkline } from './text/format.ts';
import { span, type Line, type Span } from './text/span.ts';
import type { ViewInput } from '../lists/derived.ts';
import type { State } from '../state/state.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import { heldAttempts } from '../state/asks.ts';
import { SCREENS, type ScreenName } from '../state/screen.ts';
import { confinement, policyStanding } from './policy-standing.ts';
import { VERDICT_TONE } from './columns/verdict.ts';

/** The most and the least bars of the sparkline, one a minute. */
const BARS = { most: 30, least: 6 } as const;
const MINUTE = 60_000;
/** The cells of `15 min to 13:16` with blanks. It is left out for lack of room. */
const CHART_LABEL = 20;
/** The cells of the names of both series. */
const SIDES = 'allow  deny '.length;

/** Lines of the header. */
export const HEADER_LINES = 3;

/** The header: sources and policy; totals, with a sparkline unless the time chart is shown; tabs and filter. */
export function headerLines(
  { state, traffic, waiting, progress, deniedLeft }: ViewInput,
  hasChart: boolean,
): readonly Line[] {
  const { columns } = state;
  const counted = totals(state, traffic, waiting);
  return [
    spread(
      [
        span(' egresstop ', 'badge'),
        span(' '),
        ...sources(state),
        ...confinement(state),
        ...silent(state, traffic),
      ],
      fitLine(policyStanding(state), Math.floor(columns * 0.62)),
      columns,
    ),
    spread(
      counted,
      narrowingOf(state) || hasChart ? [] : chart(state, traffic, columns - lineWidth(counted) - 2),
      columns,
    ),
    spread(tabs(state, deniedLeft), [...looking(progress), ...filter(state)], columns),
  ];
}

/** The tone of each state of a source. */
export const SOURCE_TONES = {
  live: 'allow',
  reading: 'accent',
  waiting: 'dim',
  gone: 'warn',
  failed: 'deny',
  ended: 'dim',
} as const;

/** The states of the sources: `● 2 live` and others. */
function sources(state: State): Line {
  const order = ['live', 'reading', 'ended', 'waiting', 'gone', 'failed'] as const;
  const spans = order.flatMap((name): Span[] => {
    const found = state.sources.filter(source => source.state === name && isCounted(source));
    if (found.length === 0) return [];
    const progress = name === 'reading' ? ` ${progressOf(found)}` : '';
    return [span(`${name === 'live' ? '●' : '○'} ${found.length} ${name}${progress} `, SOURCE_TONES[name])];
  });
  const warned = state.sources.filter(source => source.state === 'live' && source.why !== null).length;
  if (warned > 0)
    spans.push(span(`${grouped(warned)} with a warning (${keyFor(state, 'sources')}) `, 'warn'));
  const badges = state.options.isReadonly ? [span(' READ-ONLY ', 'badge'), span(' ')] : [];
  return [...badges, ...(spans.length === 0 ? [span('no sources', 'dim')] : spans), ...partial(state)];
}

/** The number of sources that were read to the end and are probably the wrong logs: `1 without decisions (o)`. */
function silent(state: State, traffic: Traffic): Line {
  const count = state.sources.filter(
    ({ source, state: standing }) =>
      standing !== 'reading' && silenceWhy(traffic.sources.get(source)) !== null,
  ).length;
  return count === 0
    ? []
    : [span(`${grouped(count)} without decisions (${keyFor(state, 'sources')}) `, 'warn')];
}

/** Whether a source counts. A folder or pattern that was listed without trouble does not: its files count instead. */
const isCounted = ({ state, isPlace }: SourceStatus): boolean => !isPlace || state !== 'live';

/** The limits of partial logs: `denials and findings only: 1 lossy`. Their counts are no measure of what was allowed. */
function partial({ partialLogs }: State): Line {
  const holds = new Set(partialLogs.map(log => log.holds));
  return [...holds].map(what => {
    const types = partialLogs.filter(log => log.holds === what).map(log => log.completeness.type);
    const counts = (['complete', 'lossy', 'unknown'] as const).flatMap(type => {
      const found = types.filter(other => other === type).length;
      return found === 0 ? [] : [types.length === 1 ? type : `${found} ${type}`];
    });
    return span(`${what}: ${counts.join(', ')} `, types.every(type => type === 'complete') ? 'dim' : 'warn');
  });
}

function progressOf(reading: readonly { readonly readBytes: number; readonly totalBytes: number }[]): string {
  const total = reading.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const read = reading.reduce((sum, { readBytes }) => sum + readBytes, 0);
  return total === 0 ? '' : `${Math.min(100, Math.floor((100 * read) / total))}%`;
}

function totals(state: State, traffic: Traffic, waiting: number | null): Line {
  const { dismissed, sources } = state;
  const areAll =
    sources.every(({ state }) => state !== 'reading') && (state.window?.progress ?? null) === null;
  const held = heldAttempts(state.asks);
  const muted = [...dismissed.values()].filter(aside => aside === 'muted').length;
  const narrowing = narrowingOf(state);
  const totals = narrowing ? countsOfAll(narrowing, traffic) : traffic.totals;
  const verdicts = VERDICTS.filter(
    verdict =>
      (totals[verdict] > 0 && !(verdict === 'pending' && held > 0)) ||
      verdict === 'allow' ||
      verdict === 'deny',
  );
  const spans = [
    ...inWindow(state),
    ...(narrowing ? [span(` ${onlyOf(narrowing)} only:`, 'accent')] : []),
    ...(countsWholeHosts(state) ? [span(' rows count whole hosts:', 'warn')] : []),
    span(` ${plural(totals.total, 'decision')}${areAll ? '' : ' so far'}`, 'strong'),
    ...(held > 0 ? [span(`  ${short(held + totals.pending)} pending`, VERDICT_TONE.pending)] : []),
    ...verdicts.map(verdict => span(`  ${short(totals[verdict])} ${verdict}`, VERDICT_TONE[verdict])),
    ...(narrowing
      ? []
      : [span(`  ${short(traffic.hosts.size)} ${traffic.hosts.size === 1 ? 'host' : 'hosts'}`, 'dim')]),
  ];
  const news = newsCount(state);
  if (news > 0) spans.push(span(`  ${short(news)} NEW`, 'warn'));
  if (muted > 0) spans.push(span(`  ${grouped(muted)} muted (${keyFor(state, 'show-dismissed')})`, 'dim'));
  if (waiting !== null) spans.unshift(span(` FROZEN +${grouped(waiting)} `, 'badge'));
  return withLacks(spans, lacks(state, traffic), state);
}

/** The kinds of lines and rows that the counts lack, with the key that tells more. */
function lacks(state: State, traffic: Traffic): Line {
  const [problems, sources] = [keyFor(state, 'problems'), keyFor(state, 'sources')];
  const found: readonly (readonly [count: number, words: string])[] = [
    [traffic.unrecognised.total, `unrecognised (${problems})`],
    [traffic.sources.untimed, `untimed left out (${sources})`],
    [traffic.malformed, `malformed (${problems})`],
    [traffic.dropped, 'dropped'],
    [traffic.lostBytes, `bytes lost (${problems})`],
    [traffic.evicted.hosts, 'quiet hosts folded'],
  ];
  return found.flatMap(([count, words]) => (count > 0 ? [span(`  ${short(count)} ${words}`, 'warn')] : []));
}

/**
 * Of a line that is too long first the quiet facts go, which other places tell too, then the keys behind the lacks, and then all lacks
 * become one: none is cut off.
 */
function withLacks(counts: Line, lacks: Line, state: State): Line {
  if (lacks.length === 0) return counts;
  const needed = counts.filter(({ tone }) => tone !== 'dim');
  const keyless = lacks.map(({ text, tone }) => ({ text: text.replace(/ \([^()]*\)$/, ''), tone }));
  const one = span(`  incomplete (${keyFor(state, 'problems')})`, 'warn');
  const forms: readonly Line[] = [
    [...counts, ...lacks],
    [...needed, ...lacks],
    [...needed, ...keyless],
  ];
  return forms.find(form => lineWidth(form) <= state.columns) ?? [...needed, one];
}

/** The time window to which everything is limited, its progress, and the sources that are missing in it. */
function inWindow({ window, now }: State): Line {
  if (!window) return [];
  const until = window.until === null ? 'on' : `– ${clock(window.until, now)}`;
  const [first, ...others] = window.lacking;
  const named =
    others.length === 0 ? fitName(first ?? '', 30).trimEnd() : `${grouped(others.length + 1)} sources`;
  return [
    span(' '),
    span(` ${clock(window.from, now)} ${until} `, 'badge'),
    ...(window.progress === null ? [] : [span(` ${Math.floor(window.progress * 100)}% …`, 'warn')]),
    ...(first === undefined ? [] : [span(` without ${named}, not to be read again`, 'warn')]),
  ];
}

/** The tool or agent to which the counts are narrowed: `tool fetch`. A long name is cut in the middle. */
const onlyOf = ({ key, value }: Narrowing): string =>
  `${key} ${fitName(value, Math.min(24, lineWidth([span(value)])))}`;

/** Allows and denials over the last minutes, up to now or to the newest record of an older log. */
function chart(state: State, traffic: Traffic, room: number): Line {
  const { newestAt } = traffic.charts;
  const isDated = room >= SIDES + 2 * BARS.least + CHART_LABEL + 10;
  const bars = Math.min(BARS.most, Math.floor((room - SIDES - (isDated ? CHART_LABEL : 0)) / 2));
  if (newestAt === null || bars < BARS.least) return [];
  const end = state.now - newestAt > bars * MINUTE ? newestAt : state.now;
  const buckets = traffic.charts.columns({ until: end, spanMs: bars * MINUTE, isWhole: false }, bars).counts;
  const draw = (verdict: 'allow' | 'deny') =>
    span(sparkline(buckets.map(counts => counts?.[verdict] ?? 0)), verdict);
  const until = end === state.now ? ` ${bars} min` : ` ${bars} min to ${toIso(end).slice(11, 16)}`;
  return [
    span('allow ', 'dim'),
    draw('allow'),
    span(' deny ', 'dim'),
    draw('deny'),
    span(isDated ? until : '', 'dim'),
  ];
}

/** The tabs of the screens: `1 Hosts  2 Denied (3)`. The number is that of unhandled denied hosts. */
function tabs(state: State, deniedLeft: number | null): Line {
  const isShown = (screen: ScreenName): boolean =>
    screen !== 'machines' || state.fleet !== null || state.screen === screen;
  return SCREENS.filter(isShown).flatMap((screen, index): Span[] => {
    const left =
      screen === 'denied' && deniedLeft !== null && deniedLeft > 0 ? ` (${short(deniedLeft)})` : '';
    const title = `${keyFor(state, `${screen}-screen`)} ${screen[0]?.toUpperCase()}${screen.slice(1)}${left}`;
    return [
      span(index === 0 ? ' ' : '  '),
      screen === state.screen ? span(title, 'accent') : span(title, 'dim'),
    ];
  });
}

/** The progress of computing the rows. Until it is done, the rows are incomplete or outdated. */
const looking = (progress: number | null): Line =>
  progress === null ? [] : [span(`${Math.floor(progress * 100)}% … `, 'warn')];

/** The filter, and the key that clears it if there is room. A filter with a mistake passes more rows, and the line says so. */
function filter(state: State): Line {
  const { text, error } = state.filter;
  if (state.prompt.type === 'filter' || text === '') return [];
  const shown = error === null ? span(`/${text}`, 'accent') : span(`mistake in /${text}`, 'deny');
  const room = Math.max(10, state.columns - 60);
  const whole = [shown, span(` (${keyFor(state, 'back')})`, 'dim')];
  return lineWidth(whole) <= room ? whole : fitLine([shown], room);
}
