import type { DocumentPath, EditPlan, EntryChange, ListChange, PolicyEdit } from '../../core/dialect.ts';
import { grantComment } from '../grant-comment.ts';
import { asciiLower } from './ascii-lower.ts';
import type { FoundPolicy } from './read-policy.ts';

/** Whether two spellings of an entry mean the same: blanks and dots count, case does not. */
export const sameEntry = (one: string, other: string): boolean => asciiLower(one) === asciiLower(other);

/** Turns wishes into changes of `network.allowlist`, which is made where it is missing. */
export function planEdit(found: FoundPolicy, edit: PolicyEdit): EditPlan {
  const changes: ListChange[] = [];
  for (const wish of edit) {
    const refusal = refusalOf(wish);
    if (refusal !== null) return { type: 'refused', why: refusal };
    changes.push(...(wish.type === 'add' ? additions(found, wish) : removals(found, wish.entry)));
  }
  return changes.length > 0 ? { type: 'planned', changes } : { type: 'unchanged', why: unchangedWhy(edit) };
}

function refusalOf({ list, type, entry }: EntryChange): string | null {
  switch (list) {
    case 'passthrough':
      return "aasm's policy has no passthrough: what the proxy opens is set by AA_PROXY_LLM_ONLY and AA_PROXY_MITM_HOSTS in its environment";
    case 'deny':
      return "aasm's policy has no deny list: what is not listed is denied; the proxy's own is AA_PROXY_DENIED_HOSTS in its environment";
    case 'allow':
      return type === 'add' && entry.trim() === '' ? 'allowlist entry must not be empty' : null;
  }
}

const pathOf = ({ root }: FoundPolicy): DocumentPath => [...root, 'network', 'allowlist'];

/** An entry that stands there already is only written again when its end changes. */
function additions(found: FoundPolicy, { entry, until }: EntryChange): readonly ListChange[] {
  const present = found.network?.entries.filter(({ text }) => sameEntry(text, entry)) ?? [];
  if (present.some(old => old.until === (until ?? null))) return [];
  const comment = until === undefined ? null : grantComment(until);
  return [...removals(found, entry), { type: 'add', path: pathOf(found), value: entry, comment }];
}

const removals = (found: FoundPolicy, entry: string): readonly ListChange[] =>
  (found.network?.entries ?? []).flatMap(({ text }, index) =>
    sameEntry(text, entry) ? [{ type: 'remove' as const, path: pathOf(found), index }] : [],
  );

const unchangedWhy = (edit: PolicyEdit): string =>
  edit
    .map(
      ({ entry, type }) =>
        `${entry} ${type === 'add' ? 'already stands in' : 'does not stand in'} the allowlist`,
    )
    .join('; ');
