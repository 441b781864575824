import { lookup } from 'node:dns/promises';
import { insideKind } from '../../core/policy/inside.ts';
import type { Attempt } from '../../core/policy/dialect.ts';
import { disagreement } from '../../core/policy/disagreement.ts';
import { splitDestination, splitUrl } from '../../core/host.ts';
import { explanationJson, explanationText } from '../../report/explanation.ts';
import { toJson } from '../../report/inert-json.ts';
import { judgeOptions, type JudgeFlags } from './judge-options.ts';
import { note, Output } from '../output.ts';
import { policyTarget, type PolicyOptions } from './policy-target.ts';
import { validPolicy } from './valid-policy.ts';

export interface ExplainOptions extends PolicyOptions, JudgeFlags {
  readonly check?: true;
  readonly dns?: true;
}

/** Says how the policy rules on a host or URL, by which line, or what came nearest. Exit 0 whatever the verdict; with `--check` 1 on a deny. */
export async function explainPolicy(destination: string, options: ExplainOptions): Promise<number> {
  const target = await policyTarget(options.policy, options.system);
  const { dialect } = target;
  const judging = judgeOptions(options, dialect);
  const { policy } = await validPolicy(target, 'nothing can be said');
  const attempt = await attemptOn(destination, options.dns === true);
  const ruling = policy.judge(attempt, judging);
  const explanation = {
    attempt,
    ruling,
    nearest: ruling.verdict === 'deny' ? policy.nearest(attempt, judging) : null,
    matchers: disagreement(policy, attempt, dialect.matchers, judging),
  };
  await new Output().text(
    options.json ? `${toJson(explanationJson(explanation))}\n` : explanationText(explanation),
  );
  return options.check === true && ruling.verdict === 'deny' ? 1 : 0;
}

/** The destination, as it was written where it is a URL, and (only when asked) the addresses it resolves to. */
async function attemptOn(destination: string, mayResolve: boolean): Promise<Attempt> {
  const isUrl = destination.includes('://');
  const { host, port } = isUrl ? splitUrl(destination) : splitDestination(destination);
  const attempt: Attempt = {
    host: host === null ? null : host + trailingDot(destination),
    port,
    url: isUrl ? destination : null,
    address: null,
  };
  const addresses = mayResolve && host !== null ? await resolved(host) : null;
  if (addresses === null) return attempt;
  const inside = addresses.find(address => insideKind(address) !== null);
  return { ...attempt, addresses, address: inside ?? addresses[0] ?? null };
}

/** A dot that the operator wrote behind a bare name: most systems take it away, to zeph and aasm's gateway it is another host. */
const trailingDot = (destination: string): string => (/^[^:/]+\.(?::\d*)?$/.test(destination) ? '.' : '');

/** The host's addresses; none where it has none, null where nothing could be found out. */
async function resolved(host: string): Promise<readonly string[] | null> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    note(`${host} was not resolved: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? [] : null;
  }
}
