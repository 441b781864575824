/** A form of text before records. */
export interface PrefixForm {
  /** As it is named to the user; null for a text of no known form. */
  readonly name: string | null;
  /** The instant in it, with a zone; null where it has none. */
  readonly time: string | null;
  readonly remedy: string;
}

const MOMENT = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})/;
const BARE = 'egresstop reads one JSON object a line';

const SYSLOG_5424 = 'syslog (RFC 5424)';
const SYSLOG_3164 = 'syslog (RFC 3164)';
const COMPOSE = 'docker compose';
/** Colours, which stern puts around each name (ECMA-48 8.3.117). */
const SGR = String.raw`(?:\x1b\[[\d;:]*m)*`;
/** A name of Kubernetes: one of a pod that a workload made has a hyphen (RFC 1123 §2.1). */
const LABEL = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?';
const POD = `(?=[a-z0-9.]*-)${LABEL}`;

/** So many prefixes may stand before a record, as `docker compose logs --timestamps` puts them: the service, then the time. */
export const MAX_PREFIXES = 2;

/** Prefixes that are whole by themselves, so that a line of text may stand behind them. */
const WHOLE: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^<\d{1,3}>1 (?:\S+ ){5}(?:-|(?:\[[^\]]*\])+) (?:\uFEFF)?/, name: SYSLOG_5424 },
  {
    pattern: /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \S+ [^\s:]+: /,
    name: SYSLOG_3164,
  },
  {
    pattern: new RegExp(String.raw`^(?:<\d{1,3}>)?${MOMENT.source} [^\s[]\S* [^\s:]+: `),
    name: 'syslog with ISO 8601 times',
  },
  { pattern: new RegExp(`^${MOMENT.source} `), name: 'docker logs --timestamps' },
  { pattern: /^\S+\s+\| /, name: COMPOSE },
  { pattern: /^\[pod\/[^\]\s]+\] /, name: 'kubectl logs --prefix' },
  { pattern: new RegExp(`^${SGR}${POD}${SGR} ${SGR}${LABEL}${SGR} `), name: 'stern' },
];

/** The end of a prefix's colour. */
const COLOURS = /^(?:\x1b\[[\d;:]*m)+/;

/** A prefix of a known form, the instant in it, and the line behind it. */
export interface FoundPrefix {
  readonly name: string;
  readonly time: string | null;
  readonly rest: string;
}

/** The prefixes of known forms that a line may have. */
export const prefixesOf = (line: string): readonly FoundPrefix[] =>
  WHOLE.flatMap(({ pattern, name }) => {
    const prefix = pattern.exec(line)?.[0];
    if (prefix === undefined) return [];
    const rest = line.slice(prefix.length).replace(COLOURS, '');
    return [{ name, time: MOMENT.exec(prefix)?.[0] ?? null, rest }];
  });

/** The forms, the most special first. */
const FORMS: readonly {
  readonly pattern: RegExp;
  readonly name: string;
  readonly remedy?: string;
}[] = [
  { pattern: /^<\d{1,3}>1 /, name: SYSLOG_5424 },
  {
    pattern: /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \S+ [^:]*:/,
    name: SYSLOG_3164,
  },
  {
    pattern: new RegExp(String.raw`^\s*${MOMENT.source}\s+(?:TRACE|DEBUG|INFO|WARN|ERROR)\s`),
    name: 'tracing text',
    remedy: 'let the program write its audit log to a file: set tools.audit.destination to a path',
  },
  { pattern: /^\S+\s+\| /, name: COMPOSE },
];

/** The form that a line of text, or the text before a record, has. */
export function formOf(text: string): PrefixForm {
  const form = FORMS.find(({ pattern }) => pattern.test(text));
  return { name: form?.name ?? null, time: MOMENT.exec(text)?.[0] ?? null, remedy: form?.remedy ?? BARE };
}
