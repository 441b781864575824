import { domainToASCII } from 'node:url';
import { parseAddress } from '../../core/policy/address.ts';
import { insideKind } from '../../core/policy/inside.ts';
import { knownAddress } from '../../core/policy/known-address.ts';
import type { Attempt } from '../../core/policy/dialect.ts';
import { splitDestination, splitUrl } from '../../core/host.ts';
import { canonicalAddress, embeddedAddress } from '../../mediator/origin/destination.ts';

/** Looks a name up. Null if the lookup failed; empty if the name has no address. */
export type LookUp = (host: string) => Promise<readonly string[] | null>;

/** A destination that an operator asks about. */
export interface AskedDestination {
  readonly attempt: Attempt;
  /** The IPv4 address inside a NAT64, 6to4 or v4-translated address. A gateway may send packets there, so it is judged too. */
  readonly hidden: string | null;
  /** Notes on how the text was interpreted, if that differs from its spelling. */
  readonly notes: readonly string[];
}

/**
 * Reads a host, `host:port` or URL. An address gets its canonical spelling, as in the mediator (WHATWG URL §3.5). A name is looked up only
 * with `lookUp`, unless its address is the same everywhere.
 */
export async function askedDestination(
  destination: string,
  lookUp: LookUp | null,
): Promise<AskedDestination> {
  const isUrl = destination.includes('://');
  const { host: written, port } = isUrl ? splitUrl(destination) : splitDestination(destination);
  const host = written && asciiForm(written);
  const url = isUrl ? destination : null;
  if (host === null) return { attempt: { host, port, url, address: null }, hidden: null, notes: [] };
  const literal = addressMeant(host);
  if (literal === null) {
    const attempt = await named(host, destination, lookUp);
    const read = host === written ? [] : [`${written} is read as ${host}, as clients ask for it`];
    return { attempt: { ...attempt, port, url }, hidden: null, notes: [...read, ...notesOn(host, attempt)] };
  }
  const hidden = embeddedAddress(literal);
  const notes = [
    ...(literal === host ? [] : [`${host} is read as ${literal}`]),
    ...(hidden === null ? [] : [`${literal} may reach ${hidden}, which is ruled on as well`]),
  ];
  return { attempt: { host: literal, port, url, address: hidden }, hidden, notes };
}

/** The canonical spelling of an address in any form: decimal, octal, hexadecimal, short, v4-mapped or with a zone. Null for a name. */
function addressMeant(host: string): string | null {
  if (parseAddress(host) !== null) return canonicalAddress(host);
  if (host.includes(':')) return null;
  const spelled = URL.parse(`http://${host}/`)?.hostname ?? '';
  return parseAddress(spelled) === null ? null : spelled;
}

/** A name with letters outside ASCII in the form in which clients ask for it (UTS #46); a name without such a form is itself. */
function asciiForm(host: string): string {
  return /^[\x00-\x7f]*$/.test(host) ? host : domainToASCII(host) || host;
}

async function named(host: string, destination: string, lookUp: LookUp | null): Promise<Attempt> {
  const written = host + trailingDot(destination);
  const addresses = (await lookUp?.(host)) ?? null;
  if (addresses === null) return { host: written, address: knownAddress(host) };
  const inside = addresses.find(address => insideKind(address) !== null);
  return { host: written, addresses, address: inside ?? addresses[0] ?? null };
}

const notesOn = (host: string, { address, addresses }: Attempt): readonly string[] =>
  address !== null && addresses === undefined
    ? [`${host} counts as ${address}, an inside address, without a look-up`]
    : [];

/** The final dot of a bare name. Most systems remove it, but zeph and aasm's gateway treat the name as another host. */
const trailingDot = (destination: string): string => (/^[^:/]+\.(?::\d*)?$/.test(destination) ? '.' : '');
