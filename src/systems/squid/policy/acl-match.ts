import type { Attempt, Entry } from '../../../core/policy/dialect.ts';
import { parseRange, rangeHolds } from '../../../core/policy/address-range.ts';
import { parseAddress } from '../../../core/policy/address.ts';
import { isAddress, normaliseHost, splitUrl } from '../../../core/host.ts';
import { dstdomainCovers } from './dstdomain.ts';
import type { Acl, ConfValue } from './read-conf.ts';

/** Whether an acl matches. `unknown`: it depends on other facts than host and port. */
export type Match =
  | { readonly type: 'yes'; readonly value: ConfValue | null }
  | { readonly type: 'no' }
  | { readonly type: 'unknown'; readonly why: string };

/** The known facts of a request. */
export interface Asked {
  readonly host: string;
  readonly port: number | null;
  readonly method: string | null;
  /** The addresses of the host; null if unknown. */
  readonly addresses: readonly string[] | null;
}

const HTTPS_PORT = 443;

/** The facts of an attempt. Without a port or method it counts as a CONNECT to port 443, the usual request to a proxy. */
export function askedOf({ host, port, url, method, address, addresses }: Attempt): Asked {
  const name = normaliseHost(host ?? '') ?? '';
  const named = port ?? (url ? splitUrl(url).port : null) ?? (url ? null : HTTPS_PORT);
  const own = isAddress(name) ? [name] : null;
  return {
    host: name,
    port: named,
    method: method ?? (named === HTTPS_PORT ? 'CONNECT' : null),
    addresses: own ?? addresses ?? (address === null ? null : [address]),
  };
}

const YES: Match = { type: 'yes', value: null };
const NO: Match = { type: 'no' };
const unknown = (why: string): Match => ({ type: 'unknown', why });

const isAll = ({ text }: ConfValue): boolean => /^(?:all|0\.0\.0\.0\/0|::\/0)$/.test(text);

/** Whether an acl of squid.conf matches a request. */
export function matchAcl(acl: Acl, asked: Asked): Match {
  const found = matchValues(acl, asked);
  if (found.type !== 'no' || acl.files.length === 0) return found;
  const [file] = acl.files;
  return unknown(`${acl.name} names ${file?.text ?? 'a file'}, which is not read here`);
}

function matchValues(acl: Acl, asked: Asked): Match {
  if (acl.values.length === 0) return NO;
  switch (acl.type) {
    case 'dstdomain':
      return matchDomain(acl, asked);
    case 'port':
      return asked.port === null ? unknown(`${acl.name} asks for the port`) : some(acl, isPort(asked.port));
    case 'method':
      return matchMethod(acl, asked);
    case 'dst':
      return matchDestination(acl, asked);
    case 'src':
      return acl.values.some(isAll) ? YES : unknown(`${acl.name} asks for the client (src)`);
    default:
      return unknown(`${acl.name} is an acl of type ${acl.type}`);
  }
}

function some({ values }: Acl, isMatch: (text: string) => boolean): Match {
  const value = values.find(({ text }) => isMatch(text));
  return value ? { type: 'yes', value } : NO;
}

function matchDomain(acl: Acl, { host }: Asked): Match {
  const found = some(acl, text => dstdomainCovers(text, host));
  if (found.type === 'yes' || !isAddress(host) || acl.flags.includes('-n')) return found;
  return unknown(`${acl.name} also asks for the name of an address`);
}

const isPort =
  (port: number) =>
  (text: string): boolean => {
    const [from, to = from] = text.split('-').map(Number);
    return from !== undefined && to !== undefined && port >= from && port <= to;
  };

function matchMethod(acl: Acl, { method }: Asked): Match {
  if (method === null) return unknown(`${acl.name} asks for the method`);
  return some(acl, text => text.toUpperCase() === method.toUpperCase());
}

/** Matches a destination address. Squid resolves a name for such an acl, unless it has `-n`. */
function matchDestination(acl: Acl, { addresses }: Asked): Match {
  if (acl.values.some(isAll)) return YES;
  if (addresses === null)
    return acl.flags.includes('-n') ? NO : unknown(`${acl.name} asks for the address (dst)`);
  const texts = acl.values.map(({ text }) => text);
  if (texts.some(text => parseRange(text) === null))
    return unknown(`${acl.name} names more than addresses (dst)`);
  const hits = addresses.map(address => texts.some(text => isWithin(address, text)));
  if (hits.every(isHit => !isHit)) return NO;
  return hits.every(Boolean) ? YES : unknown(`${acl.name} names some of the addresses (dst)`);
}

function isWithin(address: string, text: string): boolean {
  const [parsed, range] = [parseAddress(address), parseRange(text)];
  return parsed !== null && range !== null && rangeHolds(range, parsed);
}

/** The acls that Squid itself defines (`cf.data.pre`, the default of acl). `manager` matches requests for Squid's own pages. */
export const BUILT_IN: ReadonlyMap<string, Acl> = new Map(
  [
    builtIn('all', 'src', ['all']),
    builtIn('localhost', 'src', ['127.0.0.1/32', '::1/128']),
    builtIn('to_localhost', 'dst', ['127.0.0.0/8', '0.0.0.0/32', '::1/128', '::/128']),
    builtIn('to_linklocal', 'dst', ['169.254.0.0/16', 'fe80::/10']),
    builtIn('CONNECT', 'method', ['CONNECT']),
    builtIn('manager', 'port', []),
  ].map(acl => [acl.name, acl]),
);

function builtIn(name: string, type: string, values: readonly string[]): Acl {
  return { name, type, flags: [], files: [], values: values.map(text => ({ text, line: 0, column: 0 })) };
}

/** An inline value of an acl as a policy entry. */
export const entryAt = ({ text, line, column, file }: ConfValue, list: Entry['list']): Entry => ({
  list,
  text,
  line,
  column,
  until: null,
  ...(file === undefined ? {} : { file }),
});
