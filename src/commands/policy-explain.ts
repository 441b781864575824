import { lookup } from 'node:dns/promises';
import { insideKind } from '../core/address.ts';
import type { Attempt, NearMiss, Ruling } from '../core/dialect.ts';
import { describeProblem } from '../core/problem.ts';
import { normaliseHost, splitDestination, splitUrl } from '../core/host.ts';
import { visible } from '../core/visible.ts';
import { readPolicy } from '../policy-file/read.ts';
import { inertJson } from '../report/log-line.ts';
import { Failure } from './failure.ts';
import { note, Output } from './output.ts';
import { policyTarget, refusal, type PolicyOptions } from './policy-target.ts';

export interface ExplainOptions extends PolicyOptions {
  readonly check?: true;
  readonly dns?: true;
}

/** Says how the policy rules on a host, by which line, or what came nearest. Exit 0 whatever the verdict; with `--check` 1 on a deny. */
export async function explainPolicy(destination: string, options: ExplainOptions): Promise<number> {
  const { path, dialect, system } = await policyTarget(options.policy, options.system);
  const read = await readPolicy(path, dialect);
  if (read.type === 'failed') throw new Failure(describeProblem(read.problem));
  if (read.parsed.type === 'invalid')
    throw refusal('the file does not parse; nothing can be said', read.parsed.problems);
  const { policy } = read.parsed;
  const attempt = await attemptOn(destination, options.dns === true);
  const ruling = policy.judge(attempt, { mode: options.mode ?? 'strict' });
  const nearest = ruling.verdict === 'deny' ? policy.nearest(attempt) : null;
  const output = new Output();
  await output.text(
    options.json
      ? `${inertJson(JSON.stringify(explanation(attempt, ruling, nearest)))}\n`
      : textOf(system.name, attempt, ruling, nearest),
  );
  return options.check === true && ruling.verdict === 'deny' ? 1 : 0;
}

/** The destination, and (only when asked) an address it resolves to: an inside one before any other. */
async function attemptOn(destination: string, mayResolve: boolean): Promise<Attempt> {
  const url = destination.includes('://') ? destination : null;
  const { host, port } = url === null ? splitDestination(destination) : splitUrl(url);
  const addresses = mayResolve && host !== null ? await resolved(host) : [];
  return {
    host: host === null ? null : host + trailingDot(destination),
    port,
    url,
    address: addresses.find(address => insideKind(address) !== null) ?? addresses[0] ?? null,
  };
}

/** A dot that the operator wrote behind a bare name: most systems take it away, to zeph it is another host. */
const trailingDot = (destination: string): string => (/^[^:/]+\.(?::\d*)?$/.test(destination) ? '.' : '');

async function resolved(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    note(`${host} was not resolved: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** DESIGN §6.3. */
const explanation = (
  { host }: Attempt,
  { verdict, interception, entry, reason }: Ruling,
  nearest: NearMiss | null,
): object => ({
  host: host === null ? null : normaliseHost(host),
  verdict,
  interception,
  entry: entry?.text ?? null,
  line: entry?.line ?? null,
  reason,
  nearest: nearest?.why ?? null,
});

function textOf(
  system: string,
  { host, address }: Attempt,
  ruling: Ruling,
  nearest: NearMiss | null,
): string {
  const lines = [
    `${host ?? '-'}: ${ruling.verdict}, ${ruling.reason}${ruling.interception === null ? '' : ` (${ruling.interception})`}`,
    ...(ruling.entry ? [`  by ${ruling.entry.text} in ${ruling.entry.list}, line ${ruling.entry.line}`] : []),
    ...(nearest ? [`  nearest: ${nearest.why} (line ${nearest.entry.line})`] : []),
    ...(address === null ? [] : [`  resolves to ${address}`]),
    ...(ruling.notes ?? []).map(said => `  ${said}`),
    ...(system === 'microagent' && ruling.verdict === 'allow' && ruling.entry
      ? ['  a locked workspace still denies a name that it never saw in a DNS answer for the address dialled']
      : []),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}
