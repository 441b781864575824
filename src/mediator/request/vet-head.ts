import { LONGEST_HEAD } from '../limits.ts';

/** A request head as it was received: names and values alternate, in order. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
}

/** Fields that frame or route a message: a second one makes two readers see two messages. */
const SINGLE = ['host', 'content-length', 'transfer-encoding', 'proxy-authorization'];
/** Fields of one request; more is a flood. */
const MOST_FIELDS = 128;
const METHOD = /^[A-Za-z!#$%&'*+.^_`|~-]{1,32}$/;
const LONGEST_TARGET = 8192;

/**
 * Why a request is refused before anybody rules on it, null when it is sound. Comes after Node's strict parser, which refuses bare LF,
 * obs-fold, and Content-Length beside Transfer-Encoding or a second one (RFC 9112 §2.2, §3.2, §5.2, §6.3).
 */
export function vetHead(head: RequestHead): string | null {
  const names = head.rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase());
  if (names.length > MOST_FIELDS) return `more than ${MOST_FIELDS} header fields`;
  if (sizeOf(head) > LONGEST_HEAD) return `a head of more than ${LONGEST_HEAD} bytes`;
  const doubled = SINGLE.find(name => names.filter(other => other === name).length > 1);
  if (doubled !== undefined) return `two ${doubled} fields`;
  // what CONNECT asks for stands in its target alone
  if (head.httpVersion === '1.1' && head.method !== 'CONNECT' && !names.includes('host'))
    return 'no host field';
  if (contradicts(head.rawHeaders)) return 'a host field beside another :authority';
  if (names.includes('content-length') && names.includes('transfer-encoding'))
    return 'content-length beside transfer-encoding';
  if (!METHOD.test(head.method)) return 'not a method';
  if (head.target.length > LONGEST_TARGET) return 'the target is too long';
  if (/[^\x21-\x7e]/.test(head.target)) return 'the target is not ASCII';
  return vetCoding(head);
}

/** As HTTP/1.1 would write it, where Node's parser has the same limit; HTTP/2 has none of its own. */
const sizeOf = ({ method, target, rawHeaders }: RequestHead): number =>
  rawHeaders.reduce((sum, text) => sum + text.length + 2, method.length + target.length);

/** HTTP/2 names the host twice at most, and then alike (RFC 9113 §8.3.1). */
function contradicts(rawHeaders: readonly string[]): boolean {
  const [authority, host] = [fieldOf(rawHeaders, ':authority'), fieldOf(rawHeaders, 'host')];
  return authority !== null && host !== null && authority.toLowerCase() !== host.toLowerCase();
}

function vetCoding(head: RequestHead): string | null {
  const coding = fieldOf(head.rawHeaders, 'transfer-encoding');
  if (coding === null) return null;
  if (head.httpVersion === '1.0') return 'transfer-encoding in HTTP/1.0';
  return coding.toLowerCase() === 'chunked' ? null : 'a transfer-encoding other than chunked';
}

/** The first value of a field; null when there is none. */
export function fieldOf(rawHeaders: readonly string[], name: string): string | null {
  const at = rawHeaders.findIndex((field, index) => index % 2 === 0 && field.toLowerCase() === name);
  return at === -1 ? null : (rawHeaders[at + 1] ?? null);
}
