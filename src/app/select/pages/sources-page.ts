import type { Traffic } from '../../../core/traffic/traffic.ts';
import { wrap } from '../text/fit.ts';
import { grouped, plural } from '../../../core/grouped.ts';
import { short } from '../text/format.ts';
import { line, span } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import {
  SILENCE_REMEDY,
  silenceWhy,
  untimedNote,
  type SourceTotal,
} from '../../../core/traffic/source-totals.ts';
import type { SourceStatus } from '../../../core/source-status.ts';
import { blank, heading, type PageLine } from './page.ts';
import { SOURCE_TONES } from '../header.ts';

/** The page of sources: each with its state, bytes, lines and troubles. Then files that were found and not opened. */
export function sourcesPage(state: State, traffic: Traffic): readonly PageLine[] {
  const { sources, columns } = state;
  const places = sources.filter(({ isPlace }) => isPlace);
  const read = sources.filter(({ isPlace }) => !isPlace);
  return [
    heading(`SOURCES (${grouped(read.length)})`),
    ...(sources.length === 0 ? [{ line: line('None yet.', 'dim') }] : []),
    ...read.flatMap(source =>
      sourceLines(source, columns - 2, {
        total: traffic.sources.get(source.source),
        through: traffic.sources.through.get(source.source) ?? [],
      }),
    ),
    ...(places.length === 0 ? [] : [blank, heading('FOLDERS AND PATTERNS (new logs in them join)')]),
    ...places.flatMap(place => sourceLines(place, columns - 2, { total: null, through: [] })),
    ...discoveredLines(state),
  ];
}

/** Policies on this machine that are open or can be opened, and logs that can be read. */
function discoveredLines({ options: { discovered }, policy }: State): readonly PageLine[] {
  if (!discovered) return [];
  const { policies, askable } = discovered;
  return [
    ...(policies.length === 0 ? [] : [blank, heading('DISCOVERED POLICIES')]),
    ...policies.map(({ system, path }): PageLine => {
      const isOpen = path === policy?.path;
      return {
        line: [
          span(`${isOpen ? '● open    ' : '○ not open'} `, isOpen ? 'accent' : 'dim'),
          span(path, 'strong'),
          span(`  ${system}${isOpen ? '' : ' · --policy opens it'}`, 'dim'),
        ],
        copy: path,
      };
    }),
    ...(askable.length === 0 ? [] : [blank, heading('LOGS THAT ARE READ WHEN YOU NAME THEM')]),
    ...askable.map((word): PageLine => ({ line: line(`egresstop ${word}`), copy: `egresstop ${word}` })),
  ];
}

const READING = 'of a large log the newest lines come first; totals grow until all of it is read';

/** The counts of a source (null for a folder or pattern), and the formats that wrap its records. */
interface Read {
  readonly total: SourceTotal | null;
  readonly through: readonly string[];
}

/** A source: `● live     1,204 lines  12.3k bytes read  /var/log/egress.jsonl`, with its troubles below. */
function sourceLines(source: SourceStatus, width: number, { total, through }: Read): readonly PageLine[] {
  const { state, readBytes, totalBytes } = source;
  const isWhole = readBytes >= totalBytes;
  const read = isWhole ? short(readBytes) : `${short(readBytes)} of ${short(totalBytes)}`;
  const bytes = totalBytes === 0 ? '' : `${read} bytes read`;
  const facts = [...(total === null ? [] : [plural(total.lines, 'line')]), ...(bytes === '' ? [] : [bytes])];
  return [
    {
      line: [
        span(`${state === 'live' ? '●' : '○'} ${state.padEnd(8)} `, SOURCE_TONES[state]),
        span(source.source, 'strong'),
        span(facts.length === 0 ? '' : `  ${facts.join(' · ')}`, 'dim'),
      ],
      copy: source.source,
    },
    ...(through.length === 0
      ? []
      : wrap(`through ${through.join(', ')}`, width - 11).map(text => ({
          line: line(`           ${text}`, 'dim'),
        }))),
    ...(state === 'reading' && !isWhole ? [{ line: line(`           ${READING}`, 'dim') }] : []),
    ...warnings(source, total).flatMap(warning =>
      wrap(warning, width - 11).map(text => ({ line: line(`           ${text}`, 'warn'), copy: warning })),
    ),
  ];
}

/** The troubles of a source: it cannot be read, has no decisions, or has records that were left out. */
function warnings(source: SourceStatus, total: SourceTotal | null): readonly string[] {
  const silence = total !== null && source.state !== 'reading' ? silenceWhy(total) : null;
  return [
    source.why,
    silence === null ? null : `${silence}: ${SILENCE_REMEDY}`,
    untimedNote(total?.untimed ?? 0),
  ].filter(warning => warning !== null);
}
