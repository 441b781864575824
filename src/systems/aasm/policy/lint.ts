import type { Policy, EntryEdit, Warning } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { beforeWriting } from '../../policy-text/entry-risk.ts';
import { asciiLower } from './ascii-lower.ts';
import { Neighbours, remarksOn } from './entry-remarks.ts';
import type { FoundPolicy } from './read-policy.ts';

/** The warnings about a policy, each with its place (README, "Policy"). */
export function lintPolicy({ network }: FoundPolicy, path: string): readonly Problem[] {
  const own = path.toLowerCase().endsWith('.yml') ? [notLoaded(path)] : [];
  if (!network) return own;
  const { entries, mark, column } = network;
  const at = { source: path, severity: 'warning' } as const;
  if (entries.length === 0) {
    const why = `${mark.name} is empty: the gateway denies every host, while the anomaly detector, and a proxy whose variable is empty, check none`;
    const remedy = 'list the hosts, or remove `network` to restrict nothing';
    return [...own, { ...at, line: mark.line, column, why, remedy }];
  }
  const neighbours = new Neighbours(entries);
  const found = entries.flatMap(entry =>
    [...remarksOn(entry.text), ...neighbours.remarksOn(entry)].map(({ why, remedy }): Problem => {
      return { ...at, line: entry.line, column: entry.column, why: `${entry.text}: ${why}`, remedy };
    }),
  );
  return [...own, ...found];
}

const notLoaded = (path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'warning',
  why: 'a gateway that is given a folder of policies loads *.yaml alone: there this file rules on nothing',
  remedy: 'name it *.yaml, or give the gateway this very file',
});

/** A host that no reasonable list names. Its ruling is the ruling on all unlisted hosts. */
const UNNAMED = { host: 'unnamed.invalid', address: null };

/** The warnings before these entries are written: the risks that they open, the access that they close, and where they do not match. */
export function warnOf(policy: Policy, edit: EntryEdit): readonly Warning[] {
  const additions = edit.filter(({ type }) => type === 'add');
  const removed = new Set(edit.filter(({ type }) => type === 'remove').map(({ entry }) => asciiLower(entry)));
  const staying = policy.entries.filter(({ text }) => !removed.has(asciiLower(text)));
  const neighbours = new Neighbours(staying);
  const first = additions[0];
  const isFirst = first !== undefined && policy.judge(UNNAMED, { matcher: 'gateway' }).rule === null;
  return [
    ...(isFirst && policy.entries.length === 0 ? [everythingElse(first.entry)] : []),
    ...additions.flatMap(({ entry }) =>
      [...remarksOn(entry), ...neighbours.remarksOn({ text: entry, line: 0, column: 0 })].map(remark =>
        beforeWriting(entry, remark),
      ),
    ),
    ...lastGone(policy, staying.length + additions.length),
  ];
}

const everythingElse = (entry: string): Warning => ({
  severity: 'warning',
  entry,
  why: 'is the first entry: the policy restricts no host today, and everything else is denied from then on',
});

function lastGone({ entries }: Policy, left: number): readonly Warning[] {
  const [only] = entries;
  return only && left === 0
    ? [
        {
          severity: 'warning',
          entry: only.text,
          why: 'is the last entry: with an empty list the gateway denies every host, and a proxy with an empty variable none',
        },
      ]
    : [];
}
