import { errorCode } from '../../core/file-error.ts';

/** Larger answers are not read: a page of events is far smaller. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** From the question to the last byte of the answer. */
const ANSWER_MS = 30_000;
const MAX_REDIRECTS = 5;

/** The request to an endpoint. The token is a function, so that no dump of a source shows it. */
export interface Endpoint {
  readonly url: string;
  readonly token: () => string | null;
}

/** An answer, or why there is none. `gone`: nobody answers; `failed`: somebody does, and not with events. */
export type Answer =
  | { readonly type: 'body'; readonly bytes: Buffer; readonly url: URL; readonly link: string | null }
  | Unanswered;

export interface Unanswered {
  readonly type: 'failed' | 'gone';
  readonly why: string;
  readonly remedy: string;
  /** The time that the server itself asks to wait. */
  readonly retryAfterMs: number | null;
}

const failed = (why: string, remedy: string, retryAfterMs: number | null = null): Unanswered => ({
  type: 'failed',
  why,
  remedy,
  retryAfterMs,
});

/** Asks once, following redirects within the origin. The token goes nowhere but to the origin that was named, and never in the clear off this machine. */
export async function ask(
  { token }: Endpoint,
  from: URL,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<Answer> {
  const refusal = unfit(from, token());
  if (refusal) return refusal;
  let url = from;
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: headersOf(token()),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const next = redirectOf(response, url);
      if (next === null) return await answerOf(response, url, { hasToken: token() !== null, now });
      await response.body?.cancel();
      if (next === 'elsewhere')
        return failed(
          'redirects to another origin, to which no token is sent',
          'name the address that it redirects to',
        );
      url = next;
    }
    return failed('redirects in circles', 'check the address');
  } catch (error) {
    return unanswered(error);
  }
}

function unfit(url: URL, token: string | null): Unanswered | null {
  if (url.username !== '' || url.password !== '')
    return failed(
      'holds a user name or password, which every process on this machine can read',
      `leave it out and set ${TOKENS}`,
    );
  if (url.protocol !== 'https:' && !isLoopback(url.hostname))
    return failed('is not https: a token and the events would go in the clear', 'name it as https://…');
  if (token !== null && !/^[\x21-\x7e]+$/.test(token))
    return failed(
      'cannot be asked with this token: it holds blanks or characters that no token has',
      `set ${TOKENS} again`,
    );
  return null;
}

const TOKENS = 'EGRESSTOP_TOKEN or ORCAROUTER_TOKEN';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);

const headersOf = (token: string | null): Record<string, string> => ({
  accept: 'application/json, application/x-ndjson',
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
});

/** Where to ask next; null for an answer that is no redirect. */
function redirectOf({ status, headers }: Response, from: URL): URL | 'elsewhere' | null {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null) return null;
  const next = URL.parse(location, from.href);
  return next !== null && next.origin === from.origin && next.username === '' ? next : 'elsewhere';
}

async function answerOf(
  response: Response,
  url: URL,
  { hasToken, now }: { readonly hasToken: boolean; readonly now: number },
): Promise<Answer> {
  if (!response.ok) {
    await response.body?.cancel();
    return refusedBy(response, hasToken, now);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      return failed(
        'answers with more than 16 MiB',
        'ask for fewer events at a time, as the endpoint allows',
      );
    chunks.push(chunk);
  }
  return { type: 'body', bytes: Buffer.concat(chunks), url, link: response.headers.get('link') };
}

function refusedBy({ status, headers }: Response, hasToken: boolean, now: number): Unanswered {
  const wait = retryAfter(headers.get('retry-after'), now);
  switch (status) {
    case 401:
      return failed(
        hasToken ? 'does not take the token (401)' : 'wants a token (401)',
        `set ${TOKENS} to a session token`,
        wait,
      );
    case 403:
      return failed(
        'does not let this token read events (403)',
        'ask for the role that may (in OrcaRouter: Developer)',
        wait,
      );
    case 404:
      return failed('knows nothing of this address (404)', 'check the URL', wait);
    case 429:
      return failed(
        'asks for fewer requests (429)',
        'it is asked again when it allows; other programs may share its limit',
        wait,
      );
    default:
      return failed(`answers ${status}`, status >= 500 ? 'it is asked again' : 'check the URL', wait);
  }
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** The reason of a failed connection: `fetch` hides it behind its own error. */
function unanswered(error: unknown): Unanswered {
  const gone = (why: string, remedy: string): Unanswered => ({
    type: 'gone',
    why,
    remedy,
    retryAfterMs: null,
  });
  if (error instanceof Error && error.name === 'TimeoutError')
    return gone('does not answer within 30 seconds', 'it is asked again');
  const cause = error instanceof Error ? error.cause : null;
  const code = errorCode(cause) ?? (cause instanceof Error && 'code' in cause ? String(cause.code) : null);
  if (code === null && !(error instanceof TypeError) && !isAbort(error)) throw error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return gone('its name does not resolve', 'check the URL and the network');
  if (code === 'ECONNREFUSED') return gone('nothing listens there', 'check the URL, or start what serves it');
  if (code !== null && /CERT|SIGNATURE|ISSUER|TLS|SSL/.test(code))
    return gone(`its certificate is not trusted (${code})`, 'name its authority in NODE_EXTRA_CA_CERTS');
  return gone(`the connection failed${code === null ? '' : ` (${code})`}`, 'check the network');
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
