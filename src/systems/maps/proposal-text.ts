import { plural } from '../../core/grouped.ts';
import { MAP_FIELDS } from '../../core/maps/field-map.ts';
import { saysDenied, type MapProposal } from '../../core/maps/proposal.ts';
import type { SurveyedPath } from '../../core/maps/survey.ts';

/** A proposal with lines of the log as samples. */
export interface ProposalParts {
  readonly proposal: MapProposal;
  /** The number of records that it was made from. */
  readonly records: number;
  /** The source's name in the text. */
  readonly source: string;
  readonly name: string;
  /** Lines for the samples, with the verdict that the proposed map gives each. */
  readonly samples: readonly {
    readonly line: string;
    readonly verdict: string;
    readonly host: string | null;
  }[];
  /** Writes a JSON string that is safe for a terminal. */
  readonly quote: (text: string) => string;
}

/** The most places of a field that are proposed. Further ones are put in a comment. */
const MOST_SHOWN = 3;
/** The most characters of values in a comment. */
const WIDEST = 80;

/**
 * A map as YAML for an operator to complete. Only values with a word for a denial get a verdict. Others are comments, because a log does
 * not tell their meaning.
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

/** Whether a path is a key that commonly names the type of a record. */
const isTelling = ({ key, examples }: SurveyedPath): boolean =>
  /^(?:msg|message|type|kind|event|event_?type|logger|component|plane|_schema|action)$/.test(key) &&
  (examples[0] ?? '').length <= 60 &&
  !hasGlob(examples[0] ?? '');

/** Whether a value contains a star, which a map would read as a wildcard. */
const hasGlob = (value: string): boolean => value.includes('*');

/** A text in single quotes, in which JSON stays readable. A text with other characters than printable ASCII uses `quote`. */
const quoted = (text: string, quote: (text: string) => string): string =>
  /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : quote(text);
