const LF = 0x0a;
/** So many bytes are looked through at a time. */
export const LINE_START_BYTES = 256 * 1024;

/** Bytes of a file from `at` on; fewer than `length` where it ends. They may be overwritten by the next reading. */
export type ReadAt = (at: number, length: number) => Promise<Buffer>;

/** Finds the last place at or before `place` where a part of a file may begin; 0 at the latest. */
export type StartBefore = (place: number, read: ReadAt) => Promise<number>;

/** The last place at or before `place` where a line begins; 0 at the latest. */
export async function lineStartBefore(place: number, read: ReadAt): Promise<number> {
  for (let end = place; end > 0;) {
    const start = Math.max(0, end - LINE_START_BYTES);
    const found = (await read(start, end - start)).lastIndexOf(LF);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}
