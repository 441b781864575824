/** A line of a processor's cache. What is as long does not reach into two. */
const LINE: usize = 64;

/** Memory that begins with a line and is never given back; what it holds is anything. */
export function alignedMemory(bytes: usize): usize {
  return (heap.alloc(bytes + LINE) + LINE - 1) & ~(LINE - 1);
}
