import { plural } from '../../core/grouped.ts';
import { MAP_FIELDS } from '../../core/maps/field-map.ts';
import { saysDenied, type MapProposal } from '../../core/maps/proposal.ts';
import type { SurveyedPath } from '../../core/maps/survey.ts';

/** A proposal, and lines of the log to show it by. */
export interface ProposalParts {
  readonly proposal: MapProposal;
  /** How many records it was made from. */
  readonly records: number;
  /** Where they stand, as it is told to the user. */
  readonly source: string;
  readonly name: string;
  /** Lines for samples, each with the verdict that the proposed map gives it. */
  readonly samples: readonly {
    readonly line: string;
    readonly verdict: string;
    readonly host: string | null;
  }[];
  /** Writes a text so that no terminal obeys it, as `JSON.stringify` does otherwise. */
  readonly quote: (text: string) => string;
}

/** So many places of a field are proposed; the others stand behind them as a comment. */
const MOST_SHOWN = 3;
/** So much of a comment's values is shown. */
const WIDEST = 80;

/**
 * A map as YAML, for an operator to fill in. Only values that say "denied" in so many words get a verdict. All others stand as comments:
 * what they mean cannot be known from a log.
 */
export function proposalText({ proposal, records, source, name, samples, quote }: ProposalParts): string {
  const { verdict, otherVerdicts, constants } = proposal;
  const path = (text: string): string => (/^\w[\w.$/-]*$/.test(text) ? text : quote(text));
  const comment = (text: string): string => `  # ${quote(text).slice(1, -1)}`;
  const seen = ({ records: count, examples }: SurveyedPath): string =>
    comment(`in ${count} of ${records}: ${examples.slice(0, 3).join(', ').slice(0, WIDEST)}`);
  const field = (key: string, found: readonly SurveyedPath[] | undefined): readonly string[] => {
    const [first, ...others] = found ?? [];
    if (!first) return key === 'host' ? ['# host: no path looks like a destination: name it'] : [];
    const places = [first, ...others].slice(0, MOST_SHOWN).map(place => path(place.path));
    const isAlone = places.length === 1 || first.records === records;
    return [`${key}: ${isAlone ? places[0] : `[${places.join(', ')}]`}${seen(first)}`];
  };
  const rule = ([value, count]: readonly [string, number]): string => {
    const said = `{ ${path(verdict?.path ?? '')}: ${quote(value)} }`;
    if (saysDenied(value) && !hasGlob(value))
      return `  - deny: ${said}${comment(`${plural(count, 'record')}; its word says denied`)}`;
    return `  # - VERDICT: ${said}${comment(`${plural(count, 'record')}: take the # away, and write the verdict that it is`)}`;
  };
  const host = proposal.fields.host?.[0]?.path;
  return [
    `# Proposed from ${plural(records, 'record')} of ${quote(source)}. Look at each line: names and values tell no more than this.`,
    '# A verdict behind a # is not in force. Its records are counted as unrecognised until you say what it is.',
    `name: ${name}`,
    'when:',
    ...constants
      .filter(each => isTelling(each) && each.path !== verdict?.path && each.path !== host)
      .map(each => `  ${path(each.path)}: ${quote(each.examples[0] ?? '')}`),
    ...(verdict ? [`  ${path(verdict.path)}: { exists: true }`] : []),
    ...(host === undefined ? [] : [`  ${path(host)}: { exists: true }`]),
    ...field('host', proposal.fields.host),
    ...field('time', proposal.fields.time),
    ...MAP_FIELDS.filter(key => key !== 'host').flatMap(key => field(key, proposal.fields[key])),
    ...(verdict
      ? ['verdict:', ...[...(verdict.values ?? [])].map(rule)]
      : ['# verdict: no path looks like a ruling: name the values that say denied and allowed']),
    ...otherVerdicts.map(
      other =>
        `# It may also stand in ${path(other.path)}:${comment([...(other.values?.keys() ?? [])].join(', ').slice(0, WIDEST))}`,
    ),
    'samples:',
    ...samples.flatMap(sample => [
      `  - line: ${quoted(sample.line, quote)}`,
      `    verdict: ${sample.verdict}`,
      ...(sample.host === null ? [] : [`    host: ${quote(sample.host)}`]),
    ]),
    '',
  ].join('\n');
}

/** Keys by which writers name the type of a record. */
const isTelling = ({ key, examples }: SurveyedPath): boolean =>
  /^(?:msg|message|type|kind|event|event_?type|logger|component|plane|_schema|action)$/.test(key) &&
  (examples[0] ?? '').length <= 60 &&
  !hasGlob(examples[0] ?? '');

/** In a map a star stands for any text: a value that holds one would mean more than itself. */
const hasGlob = (value: string): boolean => value.includes('*');

/** Single quotes leave JSON as it reads. A text with other characters than printable ASCII needs the other form. */
const quoted = (text: string, quote: (text: string) => string): string =>
  /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : quote(text);
