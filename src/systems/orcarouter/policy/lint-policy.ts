import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { warning, type Remark } from '../../policy-text/entry-risk.ts';
import type { Place } from '../../policy-text/text-places.ts';
import { quoted } from './choose-policy.ts';
import { matchRemark, openingRemark } from './entry-remarks.ts';
import { comparedName, entryKind, sameEntry } from './entry-kind.ts';
import type { FirewallPolicy, PolicyDocument, Rule } from './policy-model.ts';
import { hasComparableIds, inOrder, isOnEgress } from './rule-order.ts';
import { hasLiteralStar, isEveryTool } from './tool-glob.ts';

type Placed = Remark & { readonly at: Place };

/** The warnings about all policies of a file, each with its place (README, "Policy"). */
export function lintDocument({ policies }: PolicyDocument, path: string): readonly Problem[] {
  const found = [...withoutDefault(policies), ...policies.flatMap(lintPolicy)];
  return found
    .sort((one, other) => one.at.line - other.at.line || one.at.column - other.at.column)
    .map(({ at, why, remedy }) => ({
      source: path,
      line: at.line,
      column: at.column,
      severity: 'warning',
      why,
      remedy,
    }));
}

const placed = (at: Place, why: string, remedy: string | null): Placed => ({
  ...warning(why, remedy),
  at,
});

function withoutDefault(policies: readonly FirewallPolicy[]): readonly Placed[] {
  const [first] = policies;
  return !first ||
    policies.length === 1 ||
    policies.some(({ isDefault, isEnabled }) => isDefault && isEnabled)
    ? []
    : [
        placed(
          first,
          'none of the policies is the enabled default: a key without one of its own is let through everywhere',
          'set "is_default" on one',
        ),
      ];
}

function lintPolicy(policy: FirewallPolicy): readonly Placed[] {
  const order = inOrder(policy).filter(isOnEgress);
  return [
    ...defaultVerdict(policy),
    ...policy.rules.flatMap(lintRule),
    ...behindCatchAll(order),
    ...uncertainOrder(policy),
    ...deniedTooLate(order),
  ];
}

function defaultVerdict(policy: FirewallPolicy): readonly Placed[] {
  const { defaultVerdict: word, defaultLine } = policy;
  if (word === 'deny') return [];
  const at = defaultLine === null ? policy : { line: defaultLine, column: 1 };
  const said =
    defaultLine === null
      ? `${quoted(policy)} has no default_verdict, which means "audit"`
      : `default_verdict is "${word}"`;
  return [
    placed(
      at,
      `${said}: what no rule names is let through`,
      'set it to "deny" to let through only what is named',
    ),
  ];
}

function lintRule(rule: Rule): readonly Placed[] {
  const { egress, stage, verdict, name, toolGlob } = rule;
  return [
    ...(verdict === 'allow' && isOnEgress(rule) && !egress
      ? [placed(rule, `"${name}" allows every destination: it has no list`, 'give it an "egress_json" list')]
      : []),
    ...(egress && stage !== '' && stage !== 'egress'
      ? [
          placed(
            egress,
            `the list of "${name}" is never looked at: its stage is ${stage}`,
            'set the stage to "egress"',
          ),
        ]
      : []),
    ...(verdict === 'cap_cost' && stage === 'egress'
      ? [placed(rule, `"${name}" does nothing: cap_cost has no effect on egress`, 'remove it')]
      : []),
    ...(hasLiteralStar(toolGlob)
      ? [
          placed(
            rule,
            `the star in "${toolGlob}" is compared literally: only x.*, *.x and *.x.* are globs`,
            'write one of these forms',
          ),
        ]
      : []),
    ...(egress && isOnEgress(rule)
      ? [...lintSide(rule, egress.deny.entries), ...lintSide(rule, egress.allow.entries)]
      : []),
  ];
}

function lintSide(rule: Rule, entries: readonly Entry[]): readonly Placed[] {
  const seen: Entry[] = [];
  return entries.flatMap(entry => {
    const twin = seen.find(({ text }) => sameEntry(text, entry.text));
    seen.push(entry);
    const opens = rule.verdict === 'allow' && entry.list === 'allow' ? openingRemark(entry.text) : null;
    const found =
      matchRemark(entry.text) ?? (twin ? warning(`listed twice (line ${twin.line})`, 'remove one') : opens);
    return found ? [{ ...found, why: `${entry.text}: ${found.why}`, at: entry }] : [];
  });
}

/** Whether the rule fires for every destination, tool and argument. */
const firesAlways = ({ egress, unseen, toolGlob }: Rule): boolean =>
  !egress && unseen.length === 0 && isEveryTool(toolGlob);

function behindCatchAll(order: readonly Rule[]): readonly Placed[] {
  const index = order.findIndex(firesAlways);
  const catchAll = order[index];
  if (!catchAll) return [];
  return order
    .slice(index + 1)
    .map(rule =>
      placed(
        rule,
        `"${rule.name}" is never asked: "${catchAll.name}" (line ${catchAll.line}) always decides before it`,
        'give it a lower priority number',
      ),
    );
}

function uncertainOrder({ rules }: FirewallPolicy): readonly Placed[] {
  const groups = [...Map.groupBy(rules.filter(isOnEgress), ({ priority }) => priority).values()];
  return groups
    .filter(group => group.length > 1 && !hasComparableIds(group))
    .flatMap(([first, ...others]) =>
      others.map(rule =>
        placed(
          rule,
          `"${rule.name}" has the priority of "${first?.name ?? ''}" and not both have an id: read in the order of the file`,
          'give each rule a priority of its own',
        ),
      ),
    );
}

/** The denials of destinations that an earlier rule already lets through, by the same name or by any address. */
function deniedTooLate(order: readonly Rule[]): readonly Placed[] {
  return order.flatMap((rule, index) => {
    const before = order
      .slice(0, index)
      .filter(({ verdict, egress }) => verdict === 'allow' && egress?.malformed === null);
    return rule.verdict === 'deny'
      ? (rule.egress?.deny.entries ?? []).flatMap(entry => tooLate(entry, before))
      : [];
  });
}

function tooLate(entry: Entry, before: readonly Rule[]): readonly Placed[] {
  const kind = entryKind(entry.text);
  if (kind.type === 'never' || kind.type === 'malformed') return [];
  const isName = kind.type === 'name';
  const naming = before.find(({ egress }) =>
    isName
      ? egress?.allow.named(comparedName(entry.text))
      : egress?.allow.entries.some(({ text }) => sameEntry(text, entry.text)),
  );
  if (naming)
    return [
      placed(
        entry,
        `${entry.text}: "${naming.name}" (line ${naming.line}) lets it through before this is asked`,
        'take it out there',
      ),
    ];
  const other = before.find(({ egress }) =>
    isName
      ? egress?.allow.hasAddresses
      : egress?.allow.entries.some(({ text }) => entryKind(text).type === 'name'),
  );
  if (!other) return [];
  const why = isName
    ? `${entry.text}: where it resolves to an address that "${other.name}" (line ${other.line}) allows, it is let through before this is asked`
    : `${entry.text}: a name that "${other.name}" (line ${other.line}) allows is let through before this is asked, wherever it resolves to`;
  return [placed(entry, why, 'give this rule a lower priority number than the allow rule')];
}
