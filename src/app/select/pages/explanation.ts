import { keyed } from '../../keys/key-bindings.ts';
import { entryPlace } from '../../../core/policy/flag-entries.ts';
import { coverageOf } from '../../../core/policy/coverage.ts';
import type { Attempt, NearMiss, Policy, Ruling } from '../../../core/policy/dialect.ts';
import { disagreement } from '../../../core/policy/disagreement.ts';
import { draftRuling, judging } from '../../state/drafted-policy.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import { plural } from '../../../core/grouped.ts';
import type { State } from '../../state/state.ts';
import { fact, type PageLine } from './page.ts';
import { troubleWords } from '../../state/policy-trouble.ts';
import { proofOfAttempt } from '../../state/edit-proofs.ts';
import { describeEdit } from '../../../core/policy/describe-edit.ts';
import { proofWords } from '../columns/proof-cell.ts';
import { VERDICT_TONE } from '../columns/verdict.ts';

/** Why there is no ruling: the file is missing, invalid, or not read yet. */
const whyNone = (state: State): string =>
  state.policy
    ? keyed(state, troubleWords(state.policy)?.meaning ?? 'the policy file is being read')
    : state.options.noPolicy;

/** The open policy's ruling on an attempt: the entry or rule that decides, or the nearest miss. An open draft's ruling follows. */
export function explanation(attempt: Attempt, state: State, width: number): readonly PageLine[] {
  const policy = state.policy?.policy;
  if (!policy) return fact('policy', whyNone(state), { width, tone: 'dim' });
  const now = policy.judge(attempt, judging(state));
  const near = now.verdict === 'deny' ? policy.nearest(attempt, judging(state)) : null;
  return [
    ...fact('policy says', sentence(now, policy), { width, tone: VERDICT_TONE[now.verdict] }),
    ...(now.notes ?? []).flatMap((note, index) =>
      fact(index === 0 ? 'but' : '', note, { width, tone: 'warn' }),
    ),
    ...(near ? fact('nearest', nearestWords(near), { width, tone: 'warn' }) : []),
    ...matcherLines(attempt, state, width),
    ...proofLines(attempt, state, width),
    ...draftedLines(attempt, state, width),
  ];
}

/** A note that the policy denies a host although earlier decisions let it through. */
export function otherwiseBefore(row: HostRow, state: State, width: number): readonly PageLine[] {
  const { allow } = row.counts;
  const ruling = state.policy?.policy?.judge(attemptOf(row), judging(state));
  if (allow === 0 || ruling?.verdict !== 'deny') return [];
  const text = `${plural(allow, 'decision')} let it through: under another policy or mode, or before an edit of this one`;
  return fact('but before', text, { width, tone: 'warn' });
}

/** The proof of the latest edit that changed the ruling. */
function proofLines(attempt: Attempt, state: State, width: number): readonly PageLine[] {
  const proof = proofOfAttempt(state.proofs, state.policy?.policy ?? null, attempt);
  return proof
    ? fact('edit', `${describeEdit(proof.edit.saved.edit)}: ${proofWords(proof, state.now)}`, { width })
    : [];
}

/** The ruling of each of the system's matchers, if they differ. */
function matcherLines(attempt: Attempt, state: State, width: number): readonly PageLine[] {
  const { policy = null, matchers = [] } = state.policy ?? {};
  if (!policy) return [];
  return disagreement(policy, attempt, { matchers, options: judging(state) }).flatMap(({ matcher, ruling }) =>
    fact(matcher, sentence(ruling, policy), { width, tone: VERDICT_TONE[ruling.verdict] }),
  );
}

const nearestWords = ({ entry, why }: NearMiss): string => `${why} (${entry.list}, ${entryPlace(entry)})`;

/** A ruling in words: `allow: allowlisted suffix .pypi.org, intercepted, by .pypi.org (allow, line 4)`. */
function sentence(ruling: Ruling, policy: Policy): string {
  const { verdict, reason, interception, entry, rule } = ruling;
  const coverage = coverageOf(ruling, policy);
  const parts = [
    `${verdict}: ${reason}`,
    interception,
    rule ? `rule ${rule.name}${rule.line === null ? '' : ` (line ${rule.line})`}` : null,
    entry ? `by ${entry.text} (${entry.list}, ${entryPlace(entry)})` : null,
    coverage.type === 'default' ? 'by default: no entry names it' : null,
    coverage.type === 'nothing' ? 'by nothing: the policy lists no hosts' : null,
  ];
  return parts.filter(part => part !== null).join(', ');
}

function draftedLines(attempt: Attempt, state: State, width: number): readonly PageLine[] {
  const [ruling, policy] = [draftRuling(state, attempt), state.draft?.laid?.policy];
  if (!ruling || !policy) return [];
  const { drafted, shift } = ruling;
  return shift === null
    ? fact('under draft', `= the same: ${sentence(drafted, policy)}`, { width, tone: 'dim' })
    : fact('under draft', `→ ${sentence(drafted, policy)}`, { width, tone: VERDICT_TONE[drafted.verdict] });
}
