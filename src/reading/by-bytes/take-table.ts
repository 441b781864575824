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
    rulings: placed(parts, PART.ruling, eitherOf(known.rulings, decoded.rulings)),
    hosts: placed(parts, PART.host, eitherOf(known.hosts, decoded.hosts)),
    tools: placed(parts, PART.tool, eitherOf(known.tools, decoded.tools)),
    agents: placed(parts, PART.agent, eitherOf(known.agents, decoded.agents)),
  };
}

interface Values<Value> {
  readonly valueOf: (number: number) => Value | undefined;
}

const eitherOf =
  <Value>(known: Values<Value>, decoded: Values<Value>) =>
  (number: number): Value | undefined =>
    (number < FIRST_DECODED ? known : decoded).valueOf(number);

/** Replaces the numbers of one part by places in the list that it returns. Throws a RangeError where a number has no value. */
function placed<Value>(
  parts: Uint32Array,
  part: number,
  valueOf: (number: number) => Value | undefined,
): readonly Value[] {
  const places = new Map<number, number>();
  const values: Value[] = [];
  for (let at = part; at < parts.length; at += PARTS_A_ROW) {
    const number = parts[at] as number;
    let place = places.get(number);
    if (place === undefined) {
      const value = valueOf(number);
      if (value === undefined) throw new RangeError(`no value has the number ${number}`);
      place = values.length;
      places.set(number, place);
      values.push(value);
    }
    parts[at] = place;
  }
  return values;
}
