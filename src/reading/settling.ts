/** An event that waits for more of its request is told when nothing came for so long. */
const QUIET_MS = 1_000;

/** Settles the sources of a decoder that are followed. To be called after each batch: each call puts it off. */
export function settlingLater(
  decoder: { readonly waiting: () => readonly string[] },
  settle: (source: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    if (decoder.waiting().length === 0) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const source of decoder.waiting()) settle(source);
    }, QUIET_MS).unref();
  };
}
