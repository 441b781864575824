import type { VerdictCounts } from '../core/traffic/counts.ts';
import type { Warning } from '../core/policy/dialect.ts';
import {
  evidenceOf,
  SUGGESTION_GROUPS,
  type LeftOutHost,
  type Suggestion,
  type SuggestionGroup,
  type Suggestions,
} from '../core/suggest/suggestion.ts';
import type { NameCounts } from '../core/traffic/tally.ts';
import { toIso } from '../core/time.ts';
import type { Traffic } from '../core/traffic/traffic.ts';
import { MISSING } from '../core/traffic/traffic-row.ts';
import { visible } from '../core/visible.ts';
import { alignColumns } from './columns.ts';

/** The output of `policy suggest`. `diff` is the diff of the chosen suggestions; empty if none is chosen. */
export interface SuggestReport {
  readonly policy: string;
  readonly dialect: string;
  readonly traffic: Traffic;
  readonly suggestions: Suggestions;
  /** The keys of the suggestions in the diff. */
  readonly chosen: ReadonlySet<string>;
  readonly diff: string;
  /** The warnings about the diff. */
  readonly warnings: readonly Warning[];
  /** Why there is no diff although suggestions are chosen; null if there is one. */
  readonly refusal: string | null;
}

const HEADINGS: Readonly<Record<SuggestionGroup, string>> = {
  allow: 'ALLOW: let through so far, but not listed',
  passthrough: 'PASSTHROUGH: clients refused the certificate of the mediator, as pinning does',
  denied: 'DENIED: a denial is no evidence that a host is wanted; see who asked before you list it',
  redundant: 'REDUNDANT: another entry names the same hosts',
  unused: 'UNUSED: no traffic so far needs it',
};

/** The suggestions as text: a table for each group, then the diff. */
export function suggestionsText(report: SuggestReport): string {
  const { suggestions, chosen } = report;
  const groups = SUGGESTION_GROUPS.map(group => suggestions.list.filter(found => found.group === group));
  const parts = [
    summary(report),
    ...groups.filter(group => group.length > 0).map(group => groupText(group, chosen)),
    ...leftOutText(suggestions.leftOut),
    ...suggestions.notes.map(note => visible(`Note: ${note}.`)),
    ...report.warnings.map(({ severity, entry, why }) =>
      visible(`${severity === 'danger' ? 'Danger' : 'Warning'}: ${entry} ${why}.`),
    ),
    diffText(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function summary({ policy, dialect, traffic }: SuggestReport): string {
  const span =
    traffic.from === null || traffic.to === null ? '' : `, ${toIso(traffic.from)} to ${toIso(traffic.to)}`;
  return visible(
    `Suggestions for ${policy} (${dialect}) from ${traffic.totals.total} decisions on ${traffic.hosts.size} hosts${span}`,
  );
}

function groupText(group: readonly Suggestion[], chosen: ReadonlySet<string>): string {
  const rows = group.map(suggestion => {
    const { counts, agents, tools, first, last } = evidenceOf(suggestion);
    const { change, rows, remarks, key } = suggestion;
    return [
      chosen.has(key) ? '[x]' : '[ ]',
      `${change.type === 'add' ? '+' : '-'} ${change.entry}`,
      rows.length,
      counts.allow,
      counts.deny + counts['would-deny'],
      counts.error,
      leading(agents),
      leading(tools),
      day(first),
      day(last),
      remarks.join('; '),
    ];
  });
  const [first] = group;
  return `${first ? HEADINGS[first.group] : ''}\n${alignColumns(['', 'ENTRY', 'HOSTS', 'ALLOW', 'DENY', 'ERROR', 'AGENTS', 'TOOLS', 'FIRST', 'LAST', 'REMARK'], rows)}`;
}

const day = (at: number | null): string => (at === null ? '-' : `${toIso(at).slice(0, 16)}Z`);

/** The most frequent known names. */
function leading(tally: NameCounts): string {
  const names = tally
    .ranked()
    .map(([name]) => name)
    .filter(name => name !== MISSING);
  return names.length === 0
    ? MISSING
    : `${names.slice(0, 2).join(',')}${names.length > 2 ? ` +${names.length - 2}` : ''}`;
}

function leftOutText(leftOut: readonly LeftOutHost[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.slice(0, 20).map(({ host, why }) => visible(`  ${host}: ${why}`));
  const more = leftOut.length > 20 ? [`  … and ${leftOut.length - 20} more (--json has them)`] : [];
  return [['LEFT OUT: not listed, and not suggested', ...lines, ...more].join('\n')];
}

function diffText({ chosen, diff, refusal }: SuggestReport): string {
  if (refusal !== null) return visible(`The ticked entries cannot be written: ${refusal}`);
  if (chosen.size === 0) return 'Nothing is ticked: there is nothing to write.';
  return diff.replace(/\n$/, '').split('\n').map(visible).join('\n');
}

/** The suggestions as JSON. The help topic `suggest` documents the keys. */
export function suggestionsJson({
  policy,
  dialect,
  traffic,
  suggestions,
  chosen,
  diff,
  warnings,
  refusal,
}: SuggestReport): object {
  return {
    policy,
    dialect,
    decisions: traffic.totals.total,
    hosts: traffic.hosts.size,
    from: iso(traffic.from),
    to: iso(traffic.to),
    suggestions: suggestions.list.map(found => suggestionJson(found, chosen.has(found.key))),
    leftOut: suggestions.leftOut,
    notes: suggestions.notes,
    warnings,
    diff,
    refusal,
  };
}

function suggestionJson(suggestion: Suggestion, isChosen: boolean): object {
  const { counts, agents, tools, first, last } = evidenceOf(suggestion);
  const { group, change, rows, remarks } = suggestion;
  const verdicts: VerdictCounts = counts.verdicts();
  return {
    group,
    action: change.type,
    list: change.list,
    entry: change.entry,
    chosen: isChosen,
    hosts: rows.map(({ name }) => name),
    total: counts.total,
    ...verdicts,
    agents: Object.fromEntries(agents.ranked()),
    tools: Object.fromEntries(tools.ranked()),
    first: iso(first),
    last: iso(last),
    remarks,
  };
}

const iso = (at: number | null): string | null => (at === null ? null : toIso(at));
