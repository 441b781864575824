import type { EntryChange, Policy, PolicyEdit, Warning } from '../../../core/policy/dialect.ts';
import { beforeWriting } from '../../policy-text/entry-risk.ts';
import { entryKind, sameEntry } from './entry-kind.ts';
import { matchRemark, openingRemark } from './entry-remarks.ts';

/** What to say before the edit is written: what it opens, and what of it never matches. */
export const warnOf = (policy: Policy, edit: PolicyEdit): readonly Warning[] =>
  edit.flatMap(wish => (wish.type === 'add' ? warnOfAddition(wish) : warnOfRemoval(policy, wish)));

function warnOfAddition({ entry, list }: EntryChange): readonly Warning[] {
  const text = entry.trim();
  const remark = matchRemark(text) ?? (list === 'allow' ? openingRemark(text) : null);
  return remark ? [beforeWriting(entry, remark)] : [];
}

/** What no list denies any more is open unless another rule or the default says otherwise. */
function warnOfRemoval({ entries }: Policy, { entry, list }: EntryChange): readonly Warning[] {
  const isListed =
    list === 'deny' && entries.some(found => found.list === 'deny' && sameEntry(found.text, entry));
  if (!isListed || entryKind(entry.trim()).type === 'never') return [];
  const opened = openingRemark(entry.trim());
  return opened
    ? [{ severity: opened.severity, entry, why: `is no longer denied by its rule, which ${opened.why}` }]
    : [{ severity: 'warning', entry, why: 'is no longer denied by its rule: what comes after decides' }];
}
