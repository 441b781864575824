import type { JsonObject } from '../../../core/event.ts';
import { splitDestination, splitUrl } from '../../../core/host.ts';
import type { TextLine } from '../../system.ts';

/** The OCSF classes by their words in the text form (`crates/openshell-ocsf`, format/shorthand.rs). */
const CLASS_UIDS: Readonly<Record<string, number>> = {
  NET: 4001,
  HTTP: 4002,
  SSH: 4007,
  PROC: 1007,
  FINDING: 2004,
  CONFIG: 5019,
  LIFECYCLE: 6002,
  API: 6003,
};

const MOMENT = String.raw`(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)`;
/** The prefix of a line of `openshell logs`: seconds, source, level, target. */
const PUSHED = String.raw`\[(?<seconds>\d{9,11}\.\d{3})\] \[(?<from>sandbox|gateway)\]`;
const EVENT = String.raw`(?<type>${Object.keys(CLASS_UIDS).join('|')}):(?<activity>[A-Z_]+) \[(?<severity>INFO|LOW|MED|HIGH|CRIT|FATAL)\](?<rest> .*)?$`;
const SHORTHAND = [`^${MOMENT} OCSF ${EVENT}`, String.raw`^${PUSHED} \[OCSF ?\] \[ocsf\] ${EVENT}`].map(
  pattern => new RegExp(pattern),
);
/** Lines of OpenShell's own tracing in the same file. */
const TRACING = [
  String.raw`^${MOMENT} +(?:TRACE|DEBUG|INFO|WARN|ERROR) (?<target>openshell[\w:]*): (?<message>.*)$`,
  String.raw`^${PUSHED} \[(?:TRACE|DEBUG|INFO|WARN|ERROR) ?\] \[(?<target>openshell[\w:]*)\] (?<message>.*)$`,
].map(pattern => new RegExp(pattern));

/** A line of the text form as the OCSF record it was made from, without the fields that it lacks; null for any other line. */
export function readOpenShellLine(line: string): TextLine | null {
  const text = line.trimEnd();
  const groups = firstOf(SHORTHAND, text);
  if (groups) return { type: 'record', record: ocsfOf(groups) };
  const traced = firstOf(TRACING, text);
  if (!traced) return null;
  const { target, message } = traced;
  return { type: 'record', record: { shorthand: 'tracing', time: timeOf(traced), target, message } };
}

type Groups = Readonly<Record<string, string | undefined>>;

function firstOf(patterns: readonly RegExp[], text: string): Groups | null {
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return groups;
  }
  return null;
}

const timeOf = ({ time, seconds }: Groups): string | number => time ?? Number(seconds);

function ocsfOf(groups: Groups): JsonObject {
  const { type = '', activity = '', severity, rest = '' } = groups;
  return {
    shorthand: `${type}:${activity}`,
    class_uid: CLASS_UIDS[type],
    activity_name: activity,
    severity,
    time: timeOf(groups),
    ...(type === 'NET' || type === 'HTTP' ? ruled(rest.trimStart(), type) : described(rest.trimStart())),
  };
}

const ACTION = /^(?:ALLOWED|DENIED|OBSERVED|MODIFIED|OTHER|UNKNOWN)(?= |$)/;
/** Matches the last `[policy:… engine:…]`. The text before it comes from the actor and may imitate one. */
const RULED = /^(?<head>.*) \[policy:(?<policy>\S*) engine:(?<engine>\S+)\](?<behind>(?: \[.*\])?)$/s;

/** Parses `ACTION actor(pid) -> host:port [policy:… engine:…] [reason:…]`. For HTTP a method and a URL follow the arrow. */
function ruled(rest: string, type: 'NET' | 'HTTP'): JsonObject {
  const action = ACTION.exec(rest)?.[0];
  const found = RULED.exec(rest)?.groups;
  const head = (found?.['head'] ?? rest).slice(action?.length ?? 0).trim();
  const arrow = ` ${head}`.lastIndexOf(' -> ') - 1;
  const actor = arrow < 0 ? null : actorOf(head.slice(0, arrow));
  const target = arrow === -2 ? head : head.slice(arrow + 4);
  const named = type === 'NET' ? networkTarget(target) : requestTarget(target);
  const isCut = !found && named['dst_endpoint'] === undefined; // the line may be cut off
  return {
    ...(action === undefined || isCut ? {} : { action: action[0] + action.slice(1).toLowerCase() }),
    ...(actor ? { actor: { process: actor } } : {}),
    ...named,
    ...(found ? { firewall_rule: { name: found['policy'], type: found['engine'] } } : {}),
    ...context(found?.['behind'] ?? ''),
  };
}

function actorOf(text: string): JsonObject {
  const { name = text, pid } = /^(?<name>.*)\((?<pid>\d+)\)$/s.exec(text)?.groups ?? {};
  return { name, ...(pid === undefined ? {} : { pid: Number(pid) }) };
}

/** Parses `host:port`, with a protocol behind it for a detected bypass. */
function networkTarget(target: string): JsonObject {
  const { host, port } = splitDestination(target.replace(/\/\w+$/, ''));
  if (/\s/.test(target) || port === null) return {};
  return { dst_endpoint: { domain: host, ...(port === null ? {} : { port }) } };
}

function requestTarget(target: string): JsonObject {
  const [method, url] = target.split(' ');
  const { host, port } = splitUrl(url ?? '');
  if (host === null) return {};
  return {
    http_request: { http_method: method, url: { url_string: url ?? '' } },
    dst_endpoint: { domain: host, ...(port === null ? {} : { port }) },
  };
}

/** The fields in brackets at the end. The reason is last and may contain brackets. */
function context(text: string): JsonObject {
  const reason = /[[ ]reason:(.*?)\](?: \[msg:.*)?$/s.exec(text)?.[1];
  const message = /\[msg:(.*)\]$/s.exec(text)?.[1];
  return {
    ...(reason === undefined ? {} : { status_detail: reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Parses a sentence, followed by fields in brackets with escaped values. */
function described(rest: string): JsonObject {
  const { message = rest, fields } =
    /^(?<message>.*?) \[(?<fields>\w+:(?:[^[\]\\]|\\.)*)\]$/s.exec(rest)?.groups ?? {};
  if (fields === undefined) return { message };
  const pairs = fields.split(' ').map(field => {
    const at = field.indexOf(':');
    return [unescaped(field.slice(0, at)), unescaped(field.slice(at + 1))];
  });
  return { message, unmapped: Object.fromEntries(pairs) as JsonObject };
}

/** Decodes `\[`, `\]`, `\\` and `\u{20}`. */
const unescaped = (text: string): string =>
  text.replaceAll(
    /\\(?:u\{([\da-f]{1,6})\}|(.))/gs,
    (whole, code: string | undefined, other: string | undefined) => {
      if (code === undefined) return other ?? whole;
      const point = Number.parseInt(code, 16);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
    },
  );
