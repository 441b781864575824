const LF = 0x0a;

/** Line ends that were read of a document, and written of the lines that it becomes. */
export class LineNumbers {
  read = 0;
  written = 0;

  /** Line ends that bring the next line to the place where it was read. */
  padding(): Buffer {
    const missing = Math.max(0, this.read - this.written);
    this.written += missing;
    return Buffer.alloc(missing, LF);
  }

  /** Counts the line ends of bytes that were read. */
  count(bytes: Buffer): void {
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) this.read += 1;
  }
}
