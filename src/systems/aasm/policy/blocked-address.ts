import { parseAddress } from '../../../core/policy/address.ts';
import { rangeOf, sharePrefix, type AddressRange } from '../../../core/policy/address-range.ts';

/** Addresses that the proxy always refuses (`aa-core/src/net.rs`). v4-mapped addresses count as their IPv4 address. */
const BLOCKED: readonly AddressRange[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '0.0.0.0/8',
  '255.255.255.255/32',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '::/96',
  'fc00::/7',
  'fe80::/10',
  '64:ff9b::/96',
  '2002::/16',
].map(rangeOf);

/** Whether the text is an address that the proxy never connects to. False for a name. */
export function isBlockedAddress(host: string): boolean {
  const address = parseAddress(host);
  if (address === null) return false;
  return BLOCKED.some(({ base, bits }) => sharePrefix(base, address, bits));
}
