import type { FileHandle } from 'node:fs/promises';

/** How many bytes at each end of what was consumed are remembered. */
const SAMPLE_BYTES = 1024;

/**
 * Remembers the first and the last KiB of the consumed bytes of a file. By them it knows a file that was truncated and rewritten
 * beyond our place, a copy of the file, and an inode of a new file. Audit lines carry times, so two logs do not begin alike.
 */
export class Fingerprint {
  #bytes = 0;
  #head: Buffer = Buffer.alloc(0);
  #last: Buffer = Buffer.alloc(0);

  /** The fingerprint of the first `bytes` bytes of an open file. */
  static async of(handle: FileHandle, bytes: number): Promise<Fingerprint> {
    const print = new Fingerprint();
    const length = Math.min(bytes, SAMPLE_BYTES);
    print.#bytes = bytes;
    print.#head = await readAt(handle, 0, length);
    print.#last = await readAt(handle, bytes - length, length);
    return print;
  }

  /** The same fingerprint, to be extended apart from this one. */
  copy(): Fingerprint {
    const print = new Fingerprint();
    [print.#bytes, print.#head, print.#last] = [this.#bytes, this.#head, this.#last];
    return print;
  }

  /** How many bytes were consumed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes up the bytes that follow those consumed so far. */
  extend(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#head.length < SAMPLE_BYTES) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, SAMPLE_BYTES - this.#head.length)]);
    }
    const kept = chunk.length >= SAMPLE_BYTES ? [] : [this.#last.subarray(-(SAMPLE_BYTES - chunk.length))];
    this.#last = Buffer.concat([...kept, chunk.subarray(-SAMPLE_BYTES)]);
  }

  /** Whether an open file begins with exactly the consumed bytes, as far as they are remembered. */
  async isStartOf(handle: FileHandle): Promise<boolean> {
    const last = await readAt(handle, this.#bytes - this.#last.length, this.#last.length);
    if (!last.equals(this.#last)) return false;
    if (this.#bytes <= SAMPLE_BYTES) return true; // head and last are the same bytes
    return (await readAt(handle, 0, this.#head.length)).equals(this.#head);
  }

  /** Whether a shorter file holds nothing but consumed bytes: a copy made before the last of them was written. */
  async covers(handle: FileHandle, size: number): Promise<boolean> {
    if (size === 0 || size > this.#bytes) return false;
    const start = await readAt(handle, 0, Math.min(size, this.#head.length));
    return start.equals(this.#head.subarray(0, start.length));
  }
}

/** Up to `length` bytes from `position`; fewer where the file ends. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
