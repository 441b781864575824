import { pick, type Random } from './random.ts';

/**
 * The shape of a generated log. `requests`: one egress line and one audit line a request; nearly every host is always ruled one way.
 * `decisions`: egress lines alone, any host with any tool and any agent. `agents`: ten agents that each prefer hosts of their own,
 * texts with escapes, and 2 % of the lines in forms that a writer seldom chooses. Every line is JSON, so that every peer can read it.
 */
export type ZephShape = 'requests' | 'decisions' | 'agents';

/** Where in a log a request stands, counted in lines. */
export interface Place {
  readonly index: number;
  readonly hosts: number;
  readonly random: Random;
}

const START = 1_795_075_200;
const REASONS = ['blocklist', 'ssrf', 'scheme', 'allowlist'];
const PARTS = ['std', 'crate', 'user', 'api', 'v1', 'files', 'issues', 'latest', 'search', 'docs'];

/** The lines of one request. */
export const WRITERS: Readonly<Record<ZephShape, (place: Place) => readonly string[]>> = {
  requests,
  decisions,
  agents,
};

const TOOLS = ['fetch', 'fetch', 'fetch', 'web_scrape'];
const AGENTS = ['agent-1', 'researcher', 'crawler', 'build-bot'];

/** A policy rules by the host, so that nearly every host is always let through or always blocked, for one reason. */
function requests({ index, hosts, random }: Place): readonly string[] {
  const timestamp = secondsAt(index);
  const number = Math.floor(hosts * random() ** 3);
  const host = hostName(number);
  const url = urlOf(host, random);
  const tool = pick(TOOLS, random);
  const agent =
    random() < 0.9 ? { caller_id: AGENTS[(number + (random() < 0.1 ? 1 : 0)) % AGENTS.length] } : {};
  const correlation_id = uuid(random);
  const isBlocked = number % 10 < 3 || random() < 0.01;
  const outcome = outcomeOf(isBlocked, number, random);
  const skill = random() < 0.1 ? { skill_name: ['rust-docs'] } : {};
  const egress = { timestamp, kind: 'egress', correlation_id, tool, url, host, method: 'GET' };
  const { duration_ms } = outcome;
  return [
    JSON.stringify({ ...egress, ...outcome, ...agent, ...skill }),
    auditLine({ timestamp, tool, url, host, isBlocked, duration_ms, correlation_id, agent }),
  ];
}

const FIVE_TOOLS = ['fetch', 'web_scrape', 'search', 'mcp:files', 'mcp:issues'];
const EIGHT_AGENTS = ['planner', 'tester', 'reviewer', 'writer', ...AGENTS];

/** Every host with every tool and every agent, now let through and now not: as many sums as there can be. */
function decisions({ index, hosts, random }: Place): readonly string[] {
  const number = Math.floor(hosts * random());
  const host = hostName(number);
  const tool = pick(FIVE_TOOLS, random);
  const caller_id = pick(EIGHT_AGENTS, random);
  const outcome = outcomeOf(random() < (number % 10) / 20, number, random);
  const head = { timestamp: secondsAt(index), kind: 'egress', correlation_id: uuid(random), tool };
  const request = { ...head, url: urlOf(host, random), host, method: 'GET' };
  return [JSON.stringify({ ...request, ...outcome, caller_id })];
}

const TEN_AGENTS = [...EIGHT_AGENTS, 'münchen-bot', 'editor "7"'];
const ESCAPED_TOOLS = [...FIVE_TOOLS, 'shell\\curl'];

/** Half of the requests have an audit line too. */
function agents({ index, hosts, random }: Place): readonly string[] {
  const ordinal = Math.floor(TEN_AGENTS.length * random() ** 2);
  const number = (Math.floor(hosts * random() ** 4) + ordinal * 97) % hosts;
  const host = hostName(number);
  const agent = { caller_id: TEN_AGENTS[ordinal] };
  const tool = pick(ESCAPED_TOOLS, random);
  const isBlocked = random() < (number % 10) / 12;
  const outcome = outcomeOf(isBlocked, number, random);
  const [timestamp, correlation_id] = [secondsAt(index), uuid(random)];
  const url = `${urlOf(host, random)}${random() < 0.2 ? '?q="a\\b"&é' : ''}`;
  const egress = {
    timestamp,
    kind: 'egress',
    correlation_id,
    tool,
    url,
    host,
    method: 'GET',
    ...outcome,
    ...agent,
  };
  const line = random() < 0.02 ? irregular(egress, random) : JSON.stringify(egress);
  if (random() < 0.5) return [line];
  const { duration_ms } = outcome;
  return [line, auditLine({ timestamp, tool, url, host, isBlocked, duration_ms, correlation_id, agent })];
}

/** The same record, written as few writers do. */
function irregular(record: Readonly<Record<string, unknown>>, random: Random): string {
  const entries = Object.entries(record);
  const written = (key: string, value: unknown): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  const ways: readonly (() => string)[] = [
    () => JSON.stringify({ ...record, trace: { id: uuid(random), flags: [1, 0] } }),
    () => JSON.stringify(record, null, 1).replaceAll('\n', ''),
    () =>
      `{${entries
        .toSorted(() => random() - 0.5)
        .map(([key, value]) => written(key, value))
        .join()}}`,
    () => JSON.stringify({ ...record, duration_ms: Math.floor(random() * 1e4) + 0.5 }),
    () => JSON.stringify(record).replaceAll('.example.', String.raw`\u002eexample\u002e`),
    () => JSON.stringify(record).replaceAll(/[^ -~]/g, found => escapeOf(found)),
  ];
  return pick(ways, random)();
}

const escapeOf = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

interface Call {
  readonly timestamp: string;
  readonly tool: string;
  readonly url: string;
  readonly host: string;
  readonly isBlocked: boolean;
  readonly duration_ms: number;
  readonly correlation_id: string;
  readonly agent: object;
}

function auditLine({
  timestamp,
  tool,
  url,
  host,
  isBlocked,
  duration_ms,
  correlation_id,
  agent,
}: Call): string {
  const result = isBlocked
    ? { type: 'blocked', reason: `domain blocked by denylist: ${host}` }
    : { type: 'success' };
  const error = isBlocked
    ? { error_category: 'policy_blocked', error_domain: 'action', error_phase: 'execution' }
    : {};
  const call = { timestamp, tool, command: url, result, duration_ms: duration_ms + 9, ...error };
  return JSON.stringify({ ...call, claim_source: 'web_scrape', ...agent, correlation_id });
}

function outcomeOf(isBlocked: boolean, number: number, random: Random) {
  const duration_ms = isBlocked ? 0 : Math.floor(random() ** 2 * 3_000);
  return isBlocked
    ? { duration_ms, response_bytes: 0, blocked: true, block_reason: REASONS[number % REASONS.length] }
    : { status: random() < 0.93 ? 200 : 404, duration_ms, response_bytes: Math.floor(random() ** 3 * 2e5) };
}

const secondsAt = (index: number): string => String(START + Math.floor(index / 40));

const urlOf = (host: string, random: Random): string =>
  `https://${host}/${pick(PARTS, random)}/${pick(PARTS, random)}/${Math.floor(random() * 1e6).toString(36)}`;

const hostName = (index: number): string =>
  `${PARTS[index % PARTS.length]}${index}.example.${index % 3 === 0 ? 'com' : 'org'}`;

function uuid(random: Random): string {
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
