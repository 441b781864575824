import type {
  Dialect,
  EntryChange,
  Policy,
  PolicyChange,
  PolicyEdit,
  ShadowChange,
  Warning,
} from './dialect.ts';

/** Whether a change is about an entry. */
const isEntryChange = (change: PolicyChange): change is EntryChange => change.type !== 'shadow';

/** The changes of an edit that add or remove entries. */
export const entryChanges = (edit: PolicyEdit): readonly EntryChange[] => edit.filter(isEntryChange);

/** The last shadow change of an edit; null without one. */
export const shadowChange = (edit: PolicyEdit): ShadowChange | null =>
  edit.findLast((change): change is ShadowChange => change.type === 'shadow') ?? null;

/** The warnings before an edit is written: those of the dialect, and one that shadow mode denies nothing. */
export function warningsOn(dialect: Dialect, policy: Policy, edit: PolicyEdit): readonly Warning[] {
  const entries = entryChanges(edit);
  return [
    ...(entries.length === 0 ? [] : dialect.warn(policy, entries)),
    ...(shadowChange(edit)?.isOn ? [SHADOW_ON] : []),
  ];
}

/** Why policies of this dialect have no shadow mode; null where they have it. */
export function whyNoShadow({ name, shadow }: Dialect): string | null {
  if (typeof shadow === 'function') return null;
  return shadow ?? `${name} policies have no shadow mode`;
}

const SHADOW_ON: Warning = {
  severity: 'warning',
  entry: 'shadow mode',
  why: 'records what the rules would deny, and lets it through',
};
