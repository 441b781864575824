import { toIsoSeconds } from '../time.ts';
import type { EntryChange, PolicyEdit } from './dialect.ts';

/** An edit in a few words: `allow +.pypi.org until 2026-11-20T18:00:00Z, passthrough -pinned.example`. */
export const describeEdit = (edit: PolicyEdit): string => edit.map(describeChange).join(', ');

/** An end is spelled as the policy file's own comment spells it. Only what is added has one. */
const describeChange = ({ type, list, entry, until }: EntryChange): string =>
  type === 'remove' || until === undefined
    ? `${list} ${type === 'add' ? '+' : '-'}${entry}`
    : `${list} +${entry} until ${toIsoSeconds(until)}`;
