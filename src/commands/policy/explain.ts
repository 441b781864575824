import { lookup } from 'node:dns/promises';
import type { JudgeOptions, Policy, Ruling } from '../../core/policy/dialect.ts';
import { withFlags } from '../../core/policy/flag-entries.ts';
import { disagreement } from '../../core/policy/disagreement.ts';
import { explanationJson, explanationText } from '../../report/explanation.ts';
import { toJson } from '../../report/inert-json.ts';
import { askedDestination, type AskedDestination } from './asked-destination.ts';
import { flagLists, type EntryFlags } from './flag-lists.ts';
import { inModeOf, judgeOptions, refuseOff, type JudgeFlags } from './judge-options.ts';
import { misuse } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import type { PolicyTarget } from './policy-target.ts';
import { namedOrDiscovered, type PolicyChoice } from './discovered-policy.ts';
import { validPolicy } from './valid-policy.ts';

export interface ExplainOptions extends PolicyChoice, JudgeFlags, EntryFlags {
  readonly json?: true;
  readonly check?: true;
  readonly dns?: true;
  /** The tool that asks: rules over tools then decide. */
  readonly tool?: string;
}

/** Says how the policy rules on a host or URL, by which line, or what came nearest. Exit 0 whatever the verdict; with `--check` 1 on a deny. */
export async function explainPolicy(destination: string, options: ExplainOptions): Promise<number> {
  if (!/^[^\s\p{Cc}]+$/u.test(destination))
    throw misuse(
      `no host, host:port or URL: ${JSON.stringify(destination)}`,
      'name one destination, without blanks',
    );
  refuseOff(options);
  const { target: named, mode } = await namedOrDiscovered(options);
  const dialect = withFlags(named.dialect, flagLists(options, named.dialect));
  const target: PolicyTarget = { ...named, dialect };
  const judging = judgeOptions(inModeOf(mode, options, dialect), dialect);
  const { policy } = await validPolicy(target, 'nothing can be said');
  const read = await askedDestination(destination, options.dns === true ? resolved : null);
  const asked = {
    ...read,
    attempt: { ...read.attempt, ...(options.tool === undefined ? {} : { tool: options.tool }) },
  };
  const { attempt } = asked;
  const ruling = rulingOn(asked, policy, judging);
  const explanation = {
    attempt,
    ruling,
    nearest: ruling.verdict === 'deny' ? policy.nearest(attempt, judging) : null,
    matchers: disagreement(policy, attempt, dialect.matchers, judging),
    files: target.together && target.together.files.length > 1 ? target.together.files : [],
  };
  await new Output().text(
    options.json ? `${toJson(explanationJson(explanation))}\n` : explanationText(explanation),
  );
  return options.check === true && ruling.verdict === 'deny' ? 1 : 0;
}

/** The ruling on the destination; where nothing names it, an address hidden in it may still be denied, as by the mediator. */
function rulingOn(
  { attempt, hidden, notes }: AskedDestination,
  policy: Policy,
  judging: JudgeOptions,
): Ruling {
  const ruling = policy.judge(attempt, judging);
  const within =
    hidden === null || ruling.entry !== null ? ruling : policy.judge({ ...attempt, host: hidden }, judging);
  const decisive = ruling.verdict === 'deny' || within.verdict === 'allow' ? ruling : within;
  return notes.length === 0 ? decisive : { ...decisive, notes: [...notes, ...(decisive.notes ?? [])] };
}

/** The host's addresses; none where it has none, null where nothing could be found out. */
async function resolved(host: string): Promise<readonly string[] | null> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    note(`${host} was not resolved: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? [] : null;
  }
}
