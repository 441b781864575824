import { METADATA_NAMES } from './inside.ts';

const LOOPBACK = '127.0.0.1';
const METADATA = '169.254.169.254';

/**
 * The non-public address that a name has everywhere, so that no lookup is needed. `localhost` (RFC 6761 §6.3) and the metadata names of
 * clouds have one. Null for any other name.
 */
export function knownAddress(name: string): string | null {
  const host = name.toLowerCase().replace(/\.+$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return LOOPBACK;
  return METADATA_NAMES.has(host) ? METADATA : null;
}
