import type { FirewallPolicy } from './policy-model.ts';

/** The policy that is listed and edited, the one that rules, and a note if they differ. */
export interface Choice {
  /** Null if no policy is named and none is the default. */
  readonly subject: FirewallPolicy | null;
  /** Null if no policy is in force, so that everything is let through. */
  readonly ruler: FirewallPolicy | null;
  readonly note: string | null;
}

/** Chooses a policy: the named one, as if attached to a key; else the only one; else the enabled default (README, "Matching", 1). */
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

/** The note on which of several policies was chosen, because none was named. */
const ofSeveral = (subject: FirewallPolicy, count: number): string =>
  `of the file's ${count} policies, ${quoted(subject)} rules: it is the enabled default (FILE#NAME picks another)`;

/** The policy's name in messages. */
export const quoted = ({ name }: FirewallPolicy): string =>
  name === null ? 'the policy' : `the policy "${name}"`;
