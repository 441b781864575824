import { canonicalAddress, readAuthority } from './destination.ts';

/** A name that the operator resolves by hand, as curl's `--resolve` does. */
export interface Pin {
  readonly host: string;
  /** The destination port it is for; null for every port. */
  readonly forPort: number | null;
  readonly address: string;
  /** The port that is dialled in place of the one asked for; null to keep that. */
  readonly dialPort: number | null;
}

const CURL_FORM = /^([^:]+):(\d{1,5}):(.+)$/;
const PLAIN_FORM = /^([^:]+):(.+)$/;
const PORTED = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/;

/** Reads `HOST:ADDRESS`, `HOST:ADDRESS:PORT` (that port is dialled) or curl's `HOST:PORT:ADDRESS`; null when it is none. IPv6 wants brackets before a port. */
export function readPin(text: string): Pin | null {
  const curl = CURL_FORM.exec(text);
  if (curl) return pin(curl[1], Number(curl[2]), curl[3]);
  const plain = PLAIN_FORM.exec(text);
  return plain ? pin(plain[1], null, plain[2]) : null;
}

function pin(name = '', forPort: number | null, target = ''): Pin | null {
  const ported = PORTED.exec(target);
  const address = ported?.[1] ?? target;
  const host = readAuthority(name, 1);
  const bracketed = readAuthority(
    address.includes(':') && !address.startsWith('[') ? `[${address}]` : address,
    1,
  );
  if (host.type === 'refused' || bracketed.type === 'refused' || !bracketed.destination.isAddress)
    return null;
  return {
    host: host.destination.host,
    forPort,
    address: canonicalAddress(bracketed.destination.host),
    dialPort: ported ? Number(ported[2]) : null,
  };
}
