import { insideKindAmong } from '../../../core/policy/inside.ts';
import type { AddressRange } from '../../../core/policy/address-range.ts';
import { insideRisk, type Remark, unmatchable } from '../../policy-text/entry-risk.ts';
import { comparedName, entryKind } from './entry-kind.ts';

/** The longest prefix that gets a remark for being wide. Such ranges contain half of all addresses, or more. */
const WIDEST_V4 = 96 + 7;
const WIDEST_V6 = 15;

/** A remark on an entry that can never match, in any list. */
export function matchRemark(text: string): Remark | null {
  const kind = entryKind(text);
  return kind.type === 'never' ? unmatchable(kind) : null;
}

/** A remark on the risk of an entry that allows. */
export function openingRemark(text: string): Remark | null {
  const kind = entryKind(text);
  switch (kind.type) {
    case 'range':
      return rangeRemark(text, kind.range);
    case 'name':
      return insideRisk(comparedName(text).replace(/\.+$/, ''));
    case 'never':
    case 'malformed':
      return null;
  }
}

function rangeRemark(text: string, { base, bits }: AddressRange): Remark | null {
  const own = insideRisk(text.toLowerCase());
  if (own) return own;
  if (bits <= (bits >= 96 ? WIDEST_V4 : WIDEST_V6))
    return {
      severity: 'danger',
      why: 'opens nearly every address there is, inside ones too',
      remedy: 'name a narrower range',
    };
  const inside = insideKindAmong(base, bits);
  return inside === null
    ? null
    : {
        severity: 'danger',
        why: `opens inside addresses (${inside})`,
        remedy: 'remove it unless the agent must reach them',
      };
}
