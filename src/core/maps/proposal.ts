import { isAddress } from '../host.ts';
import { parseInstant } from '../time.ts';
import type { MapField } from './field-map.ts';
import { hostIn } from './map-reader.ts';
import type { Survey, SurveyedPath } from './survey.ts';

/** A proposed map, derived from the keys and values of a log. It proposes places and does not interpret values. */
export interface MapProposal {
  /** Paths that may hold the field, the likeliest first. */
  readonly fields: Readonly<Partial<Record<MapField | 'time', readonly SurveyedPath[]>>>;
  /** The path whose values look like verdicts; null without one. */
  readonly verdict: SurveyedPath | null;
  /** Further paths whose values look like verdicts. */
  readonly otherVerdicts: readonly SurveyedPath[];
  /** Paths with the same value in every record, which identify records of this log. */
  readonly constants: readonly SurveyedPath[];
}

/** Words for a denial. */
const DENIAL = /^(?:den(?:y|ied)|block(?:ed)?|reject(?:ed)?|drop(?:ped)?|refuse[d]?|forbidden)$/i;
/** Words for verdicts. */
const RULING =
  /den(?:y|ied)|block|reject|drop|refuse|forbid|allow|permit|pass|accept|forward|^(?:ok|true|false|yes|no|error|audit)$/i;

/** Whether a value is a word for a denial. */
export const saysDenied = (value: string): boolean => DENIAL.test(value);

/** The usual keys of a field, and the form of its values. */
interface Sign {
  readonly names: RegExp;
  readonly looks: (value: string) => boolean;
  /** Keys that name the caller, not the destination. */
  readonly not?: RegExp;
}

const isAnything = (): boolean => true;
const isCount = (value: string): boolean => /^\d+(?:\.\d+)?$/.test(value);
const isHost = (value: string): boolean => {
  const { host } = hostIn(value);
  return host !== null && (isAddress(host) || /^[\w-]+(?:\.[\w-]+)+$/.test(host));
};

const SIGNS: Readonly<Partial<Record<MapField | 'time', Sign>>> = {
  host: {
    names: /host|domain|authority|sni|server_?name|dest|dst|target|url|uri|fqdn|rrname|upstream/,
    looks: isHost,
    not: /src|source|client|local|node|origin|referer|user|listen|inbound|downstream/,
  },
  port: {
    names: /(?:^|dst|dest|destination|remote|_)_?port$/,
    looks: value => isCount(value) && Number(value) <= 65_535,
    not: /src|source|client|local/,
  },
  time: {
    names: /^(?:@?timestamp|ts|time|date|start(?:_?time|ed)?|at|when|created(?:_at)?|.*_(?:time|ts|at))$/,
    looks: value => parseInstant(value) !== null,
  },
  address: {
    names: /ip$|address|addr$/,
    looks: value => isHost(value) && isAddress(hostIn(value).host ?? ''),
    not: /src|source|client|local|inbound|downstream/,
  },
  agent: {
    names:
      /agent(?:_?id)?$|^role$|workload|^client(?:_?(?:id|name|ip))?$|^user(?:name)?$|container|sandbox|process|(?:client|source|agent|pod|caller)\.(?:name|id)$/,
    looks: isAnything,
    not: /user_?agent/,
  },
  tool: { names: /^tool(?:_?name)?$|user_?agent/, looks: isAnything },
  method: { names: /method|verb/, looks: value => /^[A-Z]{3,8}$/.test(value) },
  url: { names: /^(?:url|uri|path|request_?uri)$/, looks: value => /^(?:\/|\w+:\/\/)/.test(value) },
  status: { names: /status|code$/, looks: value => /^[1-5]\d\d$|^0$/.test(value) },
  bytes: { names: /bytes|size|length/, looks: isCount },
  duration: { names: /duration|elapsed|latency/, looks: isCount },
  reason: { names: /reason|detail|message|^error$|^why$/, looks: isAnything },
  rule: { names: /rule|policy|matched/, looks: isAnything },
  id: {
    names: /^(?:id|.*_id|trace|uuid|correlation)$/,
    looks: isAnything,
    not: /agent|user|tenant|session|process/,
  },
};

const VERDICT_NAMES =
  /action|verdict|decision|allow|block|den(?:y|ied)|result|outcome|disposition|ruling|permitted|event$/;
/** A path with more distinct values than this holds no verdicts. */
const MOST_VERDICTS = 16;

/** Proposes a map from the survey of a log. */
export function proposeMap(survey: Survey): MapProposal {
  const paths = survey.paths;
  const total = survey.records.length;
  const verdicts = paths
    .map(path => ({ path, score: verdictScore(path) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || other.path.records - one.path.records)
    .map(({ path }) => path);
  const [verdict = null, ...otherVerdicts] = verdicts;
  const taken = new Set(verdict ? [verdict.path] : []);
  const fields: Partial<Record<MapField | 'time', readonly SurveyedPath[]>> = {};
  for (const [field, sign] of Object.entries(SIGNS)) {
    const found = paths.filter(path => !taken.has(path.path) && fits(path, sign)).sort(byFit(sign));
    if (found.length === 0) continue;
    fields[field as MapField | 'time'] = found.slice(0, 4);
    if (field !== 'host' && field !== 'address' && found[0]) taken.add(found[0].path);
  }
  return {
    fields,
    verdict,
    otherVerdicts: otherVerdicts.slice(0, 4),
    constants: paths.filter(path => path.records === total && path.values?.size === 1).slice(0, 8),
  };
}

function fits({ path, key, examples }: SurveyedPath, { names, looks, not }: Sign): boolean {
  const whole = path.toLowerCase();
  if (!(names.test(key) || names.test(whole)) || (not?.test(whole) ?? false)) return false;
  return examples.filter(looks).length * 2 > examples.length;
}

/** Paths with more records come first, then shorter paths. */
const byFit =
  ({ names }: Sign) =>
  (one: SurveyedPath, other: SurveyedPath): number =>
    other.records - one.records ||
    wholeness(other, names) - wholeness(one, names) ||
    one.path.length - other.path.length;

/** The share of a key that its usual name makes up: `host` fits better than `virtual_host_group`. */
const wholeness = ({ key }: SurveyedPath, names: RegExp): number =>
  (names.exec(key)?.[0].length ?? 0) / key.length;

function verdictScore({ key, values }: SurveyedPath): number {
  if (!values || values.size > MOST_VERDICTS) return 0;
  const words = [...values.keys()].filter(value => RULING.test(value)).length;
  if (words === 0) return 0;
  return (VERDICT_NAMES.test(key) ? 2 : 0) + words / values.size;
}
