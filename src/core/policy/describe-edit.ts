import type { PolicyEdit } from '../../../core/policy/dialect.ts';
import { toIso } from '../../../core/time.ts';

/** An edit in a few words: `allow +.pypi.org, passthrough −pinned.example`. */
export const describeEdit = (edit: PolicyEdit): string =>
  edit
    .map(
      ({ type, list, entry, until }) =>
        `${list} ${type === 'add' ? '+' : '−'}${entry}${until === undefined ? '' : ` until ${toIso(until).slice(0, 16)}Z`}`,
    )
    .join(', ');
