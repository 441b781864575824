import type { FirewallPolicy } from './policy-model.ts';

/** Which policy is listed and edited, which one rules, and what to say where that is not the same. */
export interface Choice {
  /** Null where none is named and none is the default. */
  readonly subject: FirewallPolicy | null;
  /** Null where no policy is in force: everything is let through. */
  readonly ruler: FirewallPolicy | null;
  readonly note: string | null;
}

/** The one named, as if attached to a key; else the only one; else the enabled default (README, "Matching", 1). */
export function choosePolicy(policies: readonly FirewallPolicy[], name: string | null): Choice {
  const fallback = policies.find(({ isDefault, isEnabled }) => isDefault && isEnabled) ?? null;
  const [only] = policies.length === 1 ? policies : [];
  const named = policies.find(policy => policy.name === name) ?? null;
  const subject = name === null ? (only ?? fallback) : named;
  if (subject?.isEnabled) {
    const isChosen = name === null && policies.length > 1;
    return { subject, ruler: subject, note: isChosen ? ofSeveral(subject, policies.length) : null };
  }
  const off =
    subject === null ? 'no policy of the file is the enabled default' : `${quoted(subject)} is disabled`;
  if (fallback === null) return { subject, ruler: null, note: `${off}: everything is let through` };
  return { subject, ruler: fallback, note: `${off}: the default, ${quoted(fallback)}, rules instead` };
}

/** No policy was named, so the note says which one was chosen. */
const ofSeveral = (subject: FirewallPolicy, count: number): string =>
  `of the file's ${count} policies, ${quoted(subject)} rules: it is the enabled default (FILE#NAME picks another)`;

/** The policy as messages call it. */
export const quoted = ({ name }: FirewallPolicy): string =>
  name === null ? 'the policy' : `the policy "${name}"`;
