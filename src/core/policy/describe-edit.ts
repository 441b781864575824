import { toIsoSeconds } from '../time.ts';
import type { PolicyChange, PolicyEdit } from './dialect.ts';

/** An edit as a short text: `allow +.pypi.org until 2026-11-20T18:00:00Z, passthrough -pinned.example`. */
export const describeEdit = (edit: PolicyEdit): string => edit.map(describeChange).join(', ');

/** The end of a grant has the spelling of the comment in the policy file. Only an added entry has an end. */
function describeChange(change: PolicyChange): string {
  if (change.type === 'shadow') return `shadow mode ${change.isOn ? 'on' : 'off'}`;
  const { type, list, entry, until } = change;
  return type === 'remove' || until === undefined
    ? `${list} ${type === 'add' ? '+' : '-'}${entry}`
    : `${list} +${entry} until ${toIsoSeconds(until)}`;
}

/** An edit as a sentence: `add .pypi.org to allow until 2026-11-20T18:00:00Z, remove pinned.example from passthrough`. */
export const editInWords = (edit: PolicyEdit): string => edit.map(changeInWords).join(', ');

function changeInWords(change: PolicyChange): string {
  if (change.type === 'shadow') return `turn shadow mode ${change.isOn ? 'on' : 'off'}`;
  const { type, list, entry, until } = change;
  if (type === 'remove') return `remove ${entry} from ${list}`;
  return `add ${entry} to ${list}${until === undefined ? '' : ` until ${toIsoSeconds(until)}`}`;
}
