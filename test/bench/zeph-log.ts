import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

/** Mulberry32: the same seed, the same log, on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface ZephLog {
  readonly path: string;
  readonly records: number;
  /** Distinct hosts; the first ones are asked for most. */
  readonly hosts: number;
}

const START = 1_795_075_200;
const TOOLS = ['fetch', 'fetch', 'fetch', 'web_scrape'];
const AGENTS = ['agent-1', 'researcher', 'crawler', 'build-bot'];
const REASONS = ['blocklist', 'ssrf', 'scheme', 'allowlist'];
const PARTS = ['std', 'crate', 'user', 'api', 'v1', 'files', 'issues', 'latest', 'search', 'docs'];
const BLOCK = 5_000;

/** Writes a log as zeph writes it, in the shapes of test/fixtures/zeph-audit.jsonl: one egress line and one audit line a request. Whole or not at all. */
export async function writeZephLog({ path, records, hosts }: ZephLog): Promise<void> {
  const random = randomFrom(records ^ hosts);
  const file = createWriteStream(`${path}.part`);
  for (let written = 0; written < records; written += BLOCK) {
    let block = '';
    for (let index = written; index < Math.min(records, written + BLOCK); index += 2)
      block += request(index, hosts, random, index + 1 < records);
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  await rename(`${path}.part`, path);
}

/** A policy rules by the host, so that nearly every host is always let through or always blocked, for one reason. */
function request(index: number, hosts: number, random: () => number, withAudit: boolean): string {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const timestamp = String(START + Math.floor(index / 40));
  const number = Math.floor(hosts * random() ** 3);
  const host = hostName(number);
  const url = `https://${host}/${pick(PARTS)}/${pick(PARTS)}/${Math.floor(random() * 1e6).toString(36)}`;
  const tool = pick(TOOLS);
  const agent =
    random() < 0.9 ? { caller_id: AGENTS[(number + (random() < 0.1 ? 1 : 0)) % AGENTS.length] } : {};
  const correlation_id = uuid(random);
  const isBlocked = number % 10 < 3 || random() < 0.01;
  const duration_ms = isBlocked ? 0 : Math.floor(random() ** 2 * 3_000);
  const outcome = isBlocked
    ? { duration_ms, response_bytes: 0, blocked: true, block_reason: REASONS[number % REASONS.length] }
    : { status: random() < 0.93 ? 200 : 404, duration_ms, response_bytes: Math.floor(random() ** 3 * 2e5) };
  const skill = random() < 0.1 ? { skill_name: ['rust-docs'] } : {};
  const egress = { timestamp, kind: 'egress', correlation_id, tool, url, host, method: 'GET' };
  const line = `${JSON.stringify({ ...egress, ...outcome, ...agent, ...skill })}\n`;
  if (!withAudit) return line;
  const result = isBlocked
    ? { type: 'blocked', reason: `domain blocked by denylist: ${host}` }
    : { type: 'success' };
  const error = isBlocked
    ? { error_category: 'policy_blocked', error_domain: 'action', error_phase: 'execution' }
    : {};
  const call = { timestamp, tool, command: url, result, duration_ms: duration_ms + 9, ...error };
  return `${line}${JSON.stringify({ ...call, claim_source: 'web_scrape', ...agent, correlation_id })}\n`;
}

const hostName = (index: number): string =>
  `${PARTS[index % PARTS.length]}${index}.example.${index % 3 === 0 ? 'com' : 'org'}`;

function uuid(random: () => number): string {
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
