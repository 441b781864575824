import type { Verdict } from '../../../core/event.ts';

/** Squid's account of a finished request, in the fields of its log formats. */
export interface Outcome {
  /** `%Ss`, as `TCP_DENIED`. */
  readonly code: string;
  /** `%>Hs`: of the reply, whoever made it. */
  readonly status: number | null;
  /** Whether no server was asked: `HIER_NONE`. */
  readonly isUnserved: boolean;
}

/** The ruling behind an outcome; without a verdict it rules on nothing. */
export interface CodeRuling {
  readonly verdict: Verdict | null;
  readonly reason: string | null;
}

/** A result code as `LogTags.cc` spells it. */
export const RESULT_CODE = String.raw`(?:NONE|TAG_NONE|(?:NONE|TCP|UDP)_[A-Z]+(?:_[A-Z]+)*)`;

const CREDENTIALS_WANTED = 407;
const NOTHING: CodeRuling = { verdict: null, reason: null };

/**
 * The verdict of a request, by its code and never by its status: `TCP_MISS/403` is an allowed request that the origin refused. Requests for
 * credentials, requests of neighbour caches (`UDP_`) and requests that never were one (`NONE`) rule on nothing.
 */
export function rulingOf({ code, status, isUnserved }: Outcome): CodeRuling {
  if (code.startsWith('TCP_DENIED'))
    return status === CREDENTIALS_WANTED ? NOTHING : { verdict: 'deny', reason: code };
  if (!code.startsWith('TCP_')) return NOTHING;
  if (isUnserved && (status === 503 || status === 504))
    return { verdict: 'error', reason: `${code}/${status}: no server was reached` };
  return { verdict: 'allow', reason: null };
}
