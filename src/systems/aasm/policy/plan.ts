import type { EditPlan, EntryChange, EntryEdit } from '../../../core/policy/dialect.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { asciiLower } from './ascii-lower.ts';
import type { FoundPolicy } from './read-policy.ts';

/** Whether two spellings of an entry have the same meaning. Blanks and dots matter, letter case does not. */
export const sameEntry = (one: string, other: string): boolean => asciiLower(one) === asciiLower(other);

/** Plans the changes of `network.allowlist`, which is added if missing. */
export function planEdit({ root, network }: FoundPolicy, edit: EntryEdit): EditPlan {
  const refusal = edit.map(refusalOf).find(why => why !== null);
  if (refusal) return { type: 'refused', why: refusal };
  const list = { path: [...root, 'network', 'allowlist'], entries: network?.entries ?? [] };
  const changes = edit.flatMap(wish => listPlan(list, wish, sameEntry));
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, () => 'the allowlist') };
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
