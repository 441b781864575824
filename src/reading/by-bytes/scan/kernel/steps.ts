/** The exact bytes between two values, and what follows them: a further value, or a record's end. */
@unmanaged
class Step {
  literal: usize;
  length: u32;
  /** The next one to try at the same junction; null: none. */
  sibling: Step | null;
  /** Where it leads; null at a record's end. */
  next: Junction | null;
  /** Of a whole record: see layout.ts; 0: no shape has such records. */
  layout: usize;
}

/** A place in a record after the same keys: the ways on that were met here. */
@unmanaged
export class Junction {
  first: Step | null;
}

/** Where every record begins. */
export const root = newJunction();

export function newJunction(): Junction {
  const junction = changetype<Junction>(heap.alloc(offsetof<Junction>()));
  junction.first = null;
  return junction;
}

/** The way on that stands at a place in the bytes; null where none that was met does. */
export function stepAt(from: Junction, at: usize): Step | null {
  let step = from.first;
  while (step != null && !standsAt(step, at)) step = step.sibling;
  return step;
}

/** Whether a literal stands there, 16 bytes at a time: both it and the bytes of the log go on behind their end. */
function standsAt(step: Step, start: usize): bool {
  let literal = step.literal;
  let at = start;
  let rest = step.length;
  for (; rest > 16; rest -= 16, literal += 16, at += 16) if (sameBytes(literal, at) != 0xffff) return false;
  const wanted = (1 << rest) - 1;
  return (sameBytes(literal, at) & wanted) == wanted;
}

function sameBytes(left: usize, right: usize): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(left), v128.load(right)));
}

/** Adds a way on behind those that are there: those that were met first are met most. */
export function addStep(from: Junction, at: usize, length: u32): Step {
  const step = changetype<Step>(heap.alloc(offsetof<Step>()));
  step.literal = heap.alloc(length + 16);
  memory.copy(step.literal, at, length);
  step.length = length;
  step.sibling = null;
  step.next = null;
  step.layout = 0;
  let last = from.first;
  if (last == null) from.first = step;
  else {
    while (last.sibling != null) last = last.sibling!;
    last.sibling = step;
  }
  return step;
}
