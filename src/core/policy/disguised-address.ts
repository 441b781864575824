import { parseAddress } from './address.ts';

/** A name that spells an address, under the domain of a public service that resolves the name to that address. */
export interface Disguise {
  /** The service's domain. */
  readonly service: string;
  /** The address in canonical form. Null where the name covers all names of the service. */
  readonly address: string | null;
}

/** Domains that resolve a name to the address in its first labels: dotted, with dashes, or as eight hex digits. */
const SPELLING = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'backname.io',
  'ip.addr.tools',
  'local-ip.co',
  'local-ip.sh',
];

/** Domains whose every name resolves to 127.0.0.1. */
const LOOPING = [
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'localho.st',
  'fuf.me',
  'local.gd',
  'localdev.me',
  'lcl.host',
  'spoofed.burpcollaborator.net',
  'lndo.site',
  'ddev.site',
];

/** The address that a name spells; null for a name outside these domains. `name` is lower-case, without dots at its ends. */
export function disguisedAddress(name: string): Disguise | null {
  const looping = LOOPING.find(service => isUnder(name, service));
  if (looping !== undefined) return { service: looping, address: '127.0.0.1' };
  const service = SPELLING.find(known => isUnder(name, known));
  if (service === undefined) return null;
  const labels = name === service ? '' : name.slice(0, -service.length - 1);
  return { service, address: spelledIn(labels) };
}

const isUnder = (name: string, service: string): boolean => name === service || name.endsWith(`.${service}`);

/** The services read the last of several addresses in a name. */
function spelledIn(labels: string): string | null {
  const v4 = /(?:^|[.-])(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})$/.exec(labels);
  if (v4) {
    const dotted = [v4[1], v4[3], v4[4], v4[5]].map(Number).join('.');
    return parseAddress(dotted) === null ? null : dotted;
  }
  const hex = /(?:^|[.-])([0-9a-f]{8})$/.exec(labels)?.[1];
  if (hex !== undefined) return [0, 2, 4, 6].map(at => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
  const v6 = /(?:^|\.)([0-9a-f]*(?:-[0-9a-f]*){2,7})$/.exec(labels)?.[1]?.replaceAll('-', ':') ?? '';
  return parseAddress(v6) === null ? null : v6;
}
