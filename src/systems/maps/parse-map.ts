import { isSeq, type Node } from 'yaml';
import { UNRECOGNISED, VERDICTS } from '../../core/event.ts';
import {
  MAP_FIELDS,
  type FieldMap,
  type MapField,
  type MapSample,
  type SampleOutcome,
} from '../../core/maps/field-map.ts';
import { isError, type Problem } from '../../core/problem.ts';
import { readAlternatives, readVerdicts } from './parse-conditions.ts';
import { StrictYaml } from '../policy-text/strict-yaml.ts';
import { readTimed, readValues } from './parse-values.ts';

/** The remedy for a text that is no map; the manual has the form. */

const A_MAP = {
  what: 'a map is a YAML map with a name',
  manual: 'egresstop help maps shows the form of a map',
};

/** The parsed map, or why the text is none. */
export type ParsedMap =
  | { readonly type: 'valid'; readonly map: FieldMap }
  | { readonly type: 'invalid'; readonly problems: readonly Problem[] };

/** The largest file in bytes. A usual map has thirty lines. */
const LARGEST = 262_144;
const MOST_SAMPLES = 200;
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

const KEYS = ['name', 'when', 'ignore', 'verdict', 'time', 'complete', 'text', 'samples', ...MAP_FIELDS];
const OUTCOMES: readonly SampleOutcome[] = [...VERDICTS, 'ignored', 'unlisted', 'foreign'];

/** Parses a map from YAML. Unknown keys and values are errors. The samples are not checked. `path` names the file in problems. */
export function parseMap(written: string, path: string): ParsedMap {
  const text = new StrictYaml(written.length > LARGEST ? '' : written, path, A_MAP);
  if (written.trim() === '') text.error(0, 'the file is empty');
  if (written.length > LARGEST) text.error(0, `a map has at most ${LARGEST} characters`);
  const map = text.root === null ? null : readMap(text, path);
  return map && !text.problems.some(isError)
    ? { type: 'valid', map }
    : { type: 'invalid', problems: text.problems };
}

function readMap(text: StrictYaml, path: string): FieldMap {
  const entries = text.entries(text.root, 'a map', KEYS);
  const found = new Map(entries.map(({ key, value }) => [key, value]));
  const get = (key: string): Node | null => found.get(key) ?? null;
  for (const key of ['name', 'when', 'host', 'verdict', 'samples'])
    if (!found.has(key)) text.error(text.root, `a map needs ${key}`);
  const when = found.has('when') ? readAlternatives(text, get('when'), 'when') : [];
  const time = found.has('time') ? readTimed(text, get('time'), 'time') : { values: [], unit: null };
  const duration = found.has('duration') ? readTimed(text, get('duration'), 'duration') : null;
  const placed = MAP_FIELDS.filter(field => found.has(field) && field !== 'duration');
  return {
    name: found.has('name') ? readName(text, get('name')) : '',
    file: path,
    text: found.has('text') ? (text.word(get('text'), 'text', ['json', 'logfmt']) ?? 'json') : 'json',
    when,
    ignore: found.has('ignore') ? readAlternatives(text, get('ignore'), 'ignore') : [],
    verdict: found.has('verdict') ? readVerdicts(text, get('verdict'), when) : [],
    fields: {
      ...Object.fromEntries(placed.map(field => [field, readValues(text, get(field), field)])),
      ...(duration ? { duration: duration.values } : {}),
    },
    time: time.values,
    timeUnit: time.unit,
    durationUnit: duration?.unit ?? 'ms',
    holds: found.has('complete') ? readHolds(text, get('complete')) : null,
    samples: found.has('samples') ? readSamples(text, get('samples')) : [],
  };
}

function readName(text: StrictYaml, node: Node | null): string {
  const name = text.text(node, 'name') ?? '';
  if (!NAME.test(name) || name === UNRECOGNISED)
    text.error(node, `${name} is no name of a map`, 'use small letters, digits, - and _, 32 at most');
  return name;
}

function readHolds(text: StrictYaml, node: Node | null): string | null {
  const said = text.word(node, 'complete', ['everything', 'denials only', 'maybe denials only']);
  return said === 'everything' ? null : said;
}

function readSamples(text: StrictYaml, node: Node | null): readonly MapSample[] {
  if (!isSeq(node) || node.items.length === 0 || node.items.length > MOST_SAMPLES) {
    text.error(node, `samples must be a list of 1 to ${MOST_SAMPLES} lines`);
    return [];
  }
  const samples = text.items(node).flatMap(item => readSample(text, item) ?? []);
  if (samples.length > 0 && !samples.some(({ verdict }) => VERDICTS.some(known => known === verdict)))
    text.error(node, 'no sample has a verdict', 'add a line of the log that is a decision');
  return samples;
}

function readSample(text: StrictYaml, node: Node | null): MapSample | null {
  const entries = text.entries(node, 'a sample', ['line', 'verdict', ...MAP_FIELDS]);
  const found = new Map(entries.map(({ key, value }) => [key, value]));
  for (const key of ['line', 'verdict']) if (!found.has(key)) text.error(node, `a sample needs ${key}`);
  const line = found.has('line') ? text.text(found.get('line') ?? null, 'line') : null;
  const verdict = found.has('verdict') ? text.word(found.get('verdict') ?? null, 'verdict', OUTCOMES) : null;
  if (line === null || verdict === null) return null;
  if (VERDICTS.some(known => known === verdict) && !found.has('host'))
    text.error(node, 'a sample with a verdict needs host', "write host: '' for a decision without one");
  const fields: Partial<Record<MapField, string>> = {};
  for (const field of MAP_FIELDS) {
    const value = found.get(field);
    const said = value === undefined ? null : text.text(value, field);
    if (said !== null) fields[field] = said;
  }
  return { line: line.trim(), verdict, fields, at: text.placeOf(node).line };
}
