import type { Verdict } from '../../../core/event.ts';

/** The outcome of a request, in the fields of Squid's log formats. */
export interface Outcome {
  /** `%Ss`, such as `TCP_DENIED`. */
  readonly code: string;
  /** `%>Hs`, the status of the reply, from the origin or from Squid. */
  readonly status: number | null;
  /** Whether no server was asked: `HIER_NONE`. */
  readonly isUnserved: boolean;
}

/** The ruling of an outcome. A null verdict means no ruling. */
export interface CodeRuling {
  readonly verdict: Verdict | null;
  readonly reason: string | null;
}

/** A result code as in `LogTags.cc`. */
export const RESULT_CODE = String.raw`(?:NONE|TAG_NONE|(?:NONE|TCP|UDP)_[A-Z]+(?:_[A-Z]+)*)`;

const CREDENTIALS_WANTED = 407;
const NOTHING: CodeRuling = { verdict: null, reason: null };

/**
 * The verdict of a request by its code. The status is no measure: `TCP_MISS/403` is an allowed request that the origin refused. Requests
 * for credentials, requests of neighbour caches (`UDP_`) and invalid requests (`NONE`) have no verdict.
 */
export function rulingOf({ code, status, isUnserved }: Outcome): CodeRuling {
  if (code.startsWith('TCP_DENIED'))
    return status === CREDENTIALS_WANTED ? NOTHING : { verdict: 'deny', reason: code };
  if (!code.startsWith('TCP_')) return NOTHING;
  if (isUnserved && (status === 503 || status === 504))
    return { verdict: 'error', reason: `${code}/${status}: no server was reached` };
  return { verdict: 'allow', reason: null };
}
