import { describeProblem } from '../../core/problem.ts';
import { suggest, SUGGEST_DEFAULTS } from '../../core/suggest/suggest.ts';
import {
  editOf,
  SUGGESTION_GROUPS,
  type Suggestion,
  type SuggestionGroup,
} from '../../core/suggest/suggestion.ts';
import { parseDuration } from '../../core/time.ts';
import { finished } from '../../core/work.ts';
import { existsSync } from 'node:fs';
import { diffOfFate } from '../../policy-file/editing/diff.ts';
import { editPolicy } from '../../policy-file/editing/edit.ts';
import { toJson } from '../../report/inert-json.ts';
import { suggestionsJson, suggestionsText, type SuggestReport } from '../../report/suggestions.ts';
import { domainNames } from '../../systems/policy-text/domain-names.ts';
import type { SourceOptions } from '../../reading/selection.ts';
import { Failure, failureOf, misuse } from '../../core/failure.ts';
import { inModeOf, judgeOptions, type JudgeFlags } from './judge-options.ts';
import { noteProblem, Output } from '../output.ts';
import { tellZone } from '../zone-note.ts';
import { placesOf } from '../places.ts';
import { carryOut } from './edit.ts';
import { namedOrDiscovered, type PolicyChoice } from './discovered-policy.ts';
import type { PolicyTarget } from './policy-target.ts';
import { validOrNewPolicy } from './valid-policy.ts';
import { readTraffic } from '../../reading/read-traffic.ts';

export interface SuggestOptions extends PolicyChoice, Omit<SourceOptions, 'system'>, JudgeFlags {
  readonly json?: true;
  readonly against: readonly string[];
  readonly minHosts?: string;
  readonly unused?: string;
  readonly include?: string;
  readonly write?: true;
  readonly yes?: true;
}

/**
 * Reads the sources once and prints suggestions for the policy. Writes only with `--write`. Exit 1 if a source or the policy could not be
 * read.
 */
export async function suggestPolicy(options: SuggestOptions): Promise<number> {
  const asked = questionOf(options);
  const included = groupsOf(options.include);
  if (options.json && options.write) throw misuse('--json shows and --write writes: one of them');
  const { target, mode } = await namedOrDiscovered(options);
  if (options.write && target.readOnly !== undefined) throw new Failure(target.readOnly);
  const judging = judgeOptions(inModeOf(mode, options, target.dialect), target.dialect);
  const { policy, text } = await validOrNewPolicy(target, 'nothing can be suggested for it');
  const output = new Output();
  tellZone(options);
  const { system: _, ...selection } = options;
  const { traffic, failures, isNothingRead } = await readTraffic(options.against, selection, {
    places: placesOf(options.stateDir, options),
    tell: noteProblem,
    closed: output.signal,
  });
  const unread = failures.find(({ severity }) => severity === 'error');
  if (options.json && unread && isNothingRead) throw failureOf(unread, 'unreadable-source');
  const asking = { ...asked, policy, dialect: target.dialect, judging, names: domainNames };
  const suggestions = finished(suggest(traffic, asking));
  const chosen = suggestions.list.filter(({ isChosen, group }) => isChosen || included.has(group));
  const report: SuggestReport = {
    policy: target.shownPath,
    dialect: target.dialect.name,
    traffic,
    suggestions,
    chosen: new Set(chosen.map(({ key }) => key)),
    ...planned(chosen, text, target),
    warnings: target.dialect.warn(policy, editOf(chosen)),
  };
  await output.text(
    options.json
      ? `${toJson(suggestionsJson(report), 2)}\n`
      : suggestionsText(options.write ? { ...report, diff: '', warnings: [] } : report),
  );
  const exitCode = failures.some(({ severity }) => severity === 'error') ? 1 : 0;
  if (!options.write || chosen.length === 0) return exitCode;
  return Math.max(exitCode, await carryOut(target, editOf(chosen), { ...options, now: Date.now() }));
}

function questionOf({ minHosts, unused }: SuggestOptions): {
  readonly minHosts: number;
  readonly unusedMs: number;
} {
  const hosts = minHosts === undefined ? SUGGEST_DEFAULTS.minHosts : Number(minHosts);
  if (!Number.isInteger(hosts) || hosts < 2)
    throw misuse(`--min-hosts wants a number from 2 on: ${minHosts}`);
  const unusedMs = unused === undefined ? SUGGEST_DEFAULTS.unusedMs : parseDuration(unused);
  if (unusedMs === null || unusedMs <= 0) throw misuse(`--unused wants a duration as 30d: ${unused}`);
  return { minHosts: hosts, unusedMs };
}

/** The groups in `--include denied,unused`, which are not ticked by default. */
function groupsOf(text: string | undefined): ReadonlySet<SuggestionGroup> {
  const words = (text ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');
  const groups = words.map(word => {
    const group = SUGGESTION_GROUPS.find(known => known === word);
    if (!group) throw misuse(`--include knows ${SUGGESTION_GROUPS.join(', ')}: ${word}`);
    return group;
  });
  return new Set(groups);
}

/** Plans the chosen suggestions. */
function planned(
  chosen: readonly Suggestion[],
  text: string,
  { path, dialect }: PolicyTarget,
): Pick<SuggestReport, 'diff' | 'refusal'> {
  if (chosen.length === 0) return { diff: '', refusal: null };
  const outcome = editPolicy({ text, path, dialect }, editOf(chosen));
  switch (outcome.type) {
    case 'edited':
      return { diff: diffOfFate(path, outcome, existsSync(path) ? 'changed' : 'made'), refusal: null };
    case 'unchanged':
      return { diff: '', refusal: outcome.why };
    case 'refused':
      return { diff: '', refusal: [outcome.why, ...outcome.problems.map(describeProblem)].join('; ') };
  }
}
