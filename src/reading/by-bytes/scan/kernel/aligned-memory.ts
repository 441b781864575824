/** A line of a processor's cache. What is as long does not reach into two. */
const LINE: usize = 64;

/** Where the memory was taken that begins at a line, in the word before. */
const HEAD: usize = 8;

/** Memory that begins with a line; what it holds is anything. */
export function alignedMemory(bytes: usize): usize {
  const taken = heap.alloc(bytes + HEAD + LINE);
  const start = (taken + HEAD + LINE - 1) & ~(LINE - 1);
  store<usize>(start - HEAD, taken);
  return start;
}

/** Takes as much more, moves what is used there and gives the old memory back. */
export function moved(from: usize, used: usize, bytes: usize): usize {
  const to = alignedMemory(bytes);
  memory.copy(to, from, used);
  heap.free(load<usize>(from - HEAD));
  return to;
}
