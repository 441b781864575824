import { describeProblem, isUnplaced } from '../../../core/problem.ts';
import type { Traffic } from '../../../core/traffic/traffic.ts';
import { redactUrlsIn } from '../../../core/url.ts';
import { wrap } from '../text/fit.ts';
import { grouped, plural } from '../../../core/grouped.ts';
import { line } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { blank, heading, type PageLine } from './page.ts';

const UNPLACED = '?+N: the Nth line after lines that are not counted (yet)';

type Show = (text: string, tone: 'warn' | 'plain') => readonly PageLine[];

/** Records of unknown systems by name, with an example of each. */
function unrecognisedLines({ unrecognised }: Traffic, show: Show): readonly PageLine[] {
  if (unrecognised.total === 0) return [];
  return [
    heading(`UNRECOGNISED (${plural(unrecognised.total, 'record')} that no system owns; never decisions)`),
    ...unrecognised.names.flatMap(({ name, count, source, line: at, example }) =>
      show(
        `${name} ×${grouped(count)}, as ${source}${at === null ? '' : `:${at}`}: ${redactUrlsIn(example)}`,
        'plain',
      ),
    ),
    blank,
  ];
}

/** The page of everything unreadable, with reasons: first sources in trouble, then lines, newest first. */
export function problemsPage(state: State, traffic: Traffic): readonly PageLine[] {
  const sources = state.sources.filter(source => source.why !== null);
  const policy = state.policy?.problems ?? [];
  const lines = [...traffic.problems.newestFirst()];
  const width = state.columns - 2;
  const show = (text: string, tone: 'warn' | 'deny' | 'plain'): PageLine[] =>
    wrap(text, width).map(part => ({ line: line(part, tone) }));
  return [
    heading(`SOURCES (${sources.length} in trouble)`),
    ...sources.flatMap(source => show(`${source.source}: ${source.state}: ${source.why ?? ''}`, 'warn')),
    blank,
    heading(`POLICY (${policy.length})`),
    ...policy.flatMap(problem =>
      show(describeProblem(problem), problem.severity === 'error' ? 'deny' : 'warn'),
    ),
    blank,
    ...unrecognisedLines(traffic, show),
    heading(
      `LINES (${grouped(traffic.malformed)} malformed${traffic.problems.dropped > 0 ? `, the newest ${grouped(lines.length)} kept` : ''})`,
    ),
    ...(lines.some(isUnplaced) ? [{ line: line(UNPLACED, 'dim') }] : []),
    ...lines.flatMap(problem => show(describeProblem(problem), 'plain')),
  ];
}
