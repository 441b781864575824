import { PART, PARTS_A_ROW, type SumTable } from '../../core/traffic/sums/sum-table.ts';
import { FIRST_DECODED, type DecodedParts } from './decoded-parts.ts';
import type { KnownParts } from './known-parts.ts';
import type { KernelGroups } from './scan/kernel-groups.ts';

/** Takes all groups out of the kernel, with what the numbers of their values mean. */
export function takeTable(groups: KernelGroups, known: KnownParts, decoded: DecodedParts): SumTable {
  const { parts, ...sums } = groups.take();
  return {
    ...sums,
    size: parts.length / PARTS_A_ROW,
    parts,
    rulings: placed(parts, PART.ruling, { known: known.rulings, decoded: decoded.rulings }),
    hosts: placed(parts, PART.host, { known: known.hosts, decoded: decoded.hosts }),
    tools: placed(parts, PART.tool, { known: known.tools, decoded: decoded.tools }),
    agents: placed(parts, PART.agent, { known: known.agents, decoded: decoded.agents }),
  };
}

/** Values by number: the numbers of known ones begin with 0, and those of decoded ones with FIRST_DECODED. */
interface Values<Value> {
  /** As many numbers as were given. */
  readonly size: number;
  readonly valueOf: (number: number) => Value | undefined;
}

/** Replaces the numbers of one part by places in the list that it returns. Throws a RangeError where a number has no value. */
function placed<Value>(
  parts: Uint32Array,
  part: number,
  { known, decoded }: Record<'known' | 'decoded', Values<Value>>,
): readonly Value[] {
  const firstDecoded = FIRST_DECODED - known.size;
  /** Of each number its place, counted from 1. */
  const places = new Uint32Array(known.size + decoded.size);
  const values: Value[] = [];
  for (let at = part; at < parts.length; at += PARTS_A_ROW) {
    const number = parts[at] as number;
    const index = number < FIRST_DECODED ? number : number - firstDecoded;
    let place = places[index];
    if (!place) {
      const value = (number < FIRST_DECODED ? known : decoded).valueOf(number);
      if (value === undefined) throw new RangeError(`no value has the number ${number}`);
      place = values.push(value);
      places[index] = place;
    }
    parts[at] = place - 1;
  }
  return values;
}
