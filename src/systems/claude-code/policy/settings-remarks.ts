import type { Problem } from '../../../core/problem.ts';
import { type FoundSettings, LIST_PATHS } from './read-settings.ts';
import type { SettingsFile } from './settings-policy.ts';

const warningAt = (
  source: string,
  place: { readonly line: number; readonly column: number } | null,
  text: { readonly why: string; readonly remedy: string | null },
): Problem => ({
  source,
  line: place?.line ?? null,
  column: place?.column ?? null,
  severity: 'warning',
  ...text,
});

/** Remarks on settings that make the lists of a file ineffective, or less effective than they seem. */
export function switchRemarks(
  files: readonly SettingsFile[],
  path: string,
  isManaged: boolean,
): readonly Problem[] {
  const own = files.find(({ file }) => file === null)?.settings;
  if (!own) return [];
  const enabled = files.find(({ settings }) => settings.enabled !== null);
  const managed = files.find(file => file.isManaged && file.settings.managedOnly?.isOn);
  const isIdle = managed !== undefined && !isManaged && listed(own, 'allow') > 0;
  return [
    ...(enabled?.settings.enabled?.isOn === true ? [] : [notEnabled(enabled, own, path)]),
    ...(isIdle
      ? [
          warningAt(path, placeOfList(own, 'allow'), {
            why: `${LIST_PATHS.allow.join('.')} has no effect: only managed settings may allow domains (allowManagedDomainsOnly in ${managed.file ?? path})`,
            remedy: 'ask whoever deploys the managed settings',
          }),
        ]
      : []),
    ...(own.managedOnly?.isOn && !isManaged
      ? [
          warningAt(path, own.managedOnly, {
            why: 'sandbox.network.allowManagedDomainsOnly counts in managed settings alone',
            remedy: 'remove it',
          }),
        ]
      : []),
    ...(own.ownProxy
      ? [
          warningAt(path, own.ownProxy, {
            why: 'with a proxy of your own Claude Code starts none: that proxy rules, and not these lists',
            remedy: 'edit the policy of that proxy, or remove its port here',
          }),
        ]
      : []),
  ];
}

function notEnabled(highest: SettingsFile | undefined, own: FoundSettings, path: string): Problem {
  const where = highest?.file ? ` in ${highest.file}` : '';
  return warningAt(path, highest?.file === null ? own.enabled : null, {
    why:
      highest === undefined
        ? 'sandbox.enabled is not true in any settings file: no command is sandboxed, and the lists rule on nothing'
        : `sandbox.enabled is false${where}: no command is sandboxed, and the lists rule on nothing`,
    remedy: 'set sandbox.enabled to true',
  });
}

const listed = ({ lists }: FoundSettings, name: 'allow' | 'deny'): number =>
  lists.find(list => list.name === name)?.entries.length ?? 0;

const placeOfList = (
  { lists }: FoundSettings,
  name: 'allow' | 'deny',
): { readonly line: number; readonly column: number } | null => {
  const line = lists.find(list => list.name === name)?.line ?? null;
  return line === null ? null : { line, column: 1 };
};

/** A remark that WebFetch rules are no entries of these lists, once for each list of rules, at its first WebFetch rule. */
export function fetchRemarks({ fetchRules }: FoundSettings, path: string): readonly Problem[] {
  return (['allow', 'deny', 'ask'] as const).flatMap(list => {
    const rules = fetchRules.filter(rule => rule.list === list);
    const [first] = rules;
    if (!first) return [];
    const count = rules.length === 1 ? first.text : `${first.text} and ${rules.length - 1} more`;
    return [
      warningAt(path, first, {
        why: `permissions.${list}: ${count}: a rule for the fetch tool, which egresstop does not edit; ${EFFECTS[list]}`,
        remedy: null,
      }),
    ];
  });
}

const EFFECTS = {
  allow: 'sandboxed commands may reach its domain as well',
  deny: `sandboxed commands are ruled by ${LIST_PATHS.deny.join('.')}`,
  ask: `sandboxed commands are ruled by ${LIST_PATHS.allow.join('.')}`,
} as const;
