import { LogFile } from './log-file.ts';
import type { OpenFile } from './open-regular.ts';

/** How many closed files are remembered; of an older one met again every line would be read again. */
const MAX_CLOSED = 4096;

/** Every physical file that the sources of one program read or have read, so that none is read twice whatever its names. */
export class FileRegistry {
  readonly #files = new Map<string, LogFile>();

  /**
   * The file to read from here on: continued where it was left, or new. Null, and the handle closed, when somebody holds it already.
   * The claim itself is made before anything is awaited, so two claimants never both get it.
   */
  async claim(open: OpenFile): Promise<LogFile | null> {
    const known = this.#files.get(open.key);
    if (known?.isOpen) {
      await open.handle.close();
      return null;
    }
    if (known) {
      await known.reopen(open);
      return known;
    }
    const file = new LogFile(open);
    this.#files.set(open.key, file);
    this.#forgetOldest();
    return file;
  }

  /** The file of this `dev:ino`, if one was ever claimed. */
  get(key: string): LogFile | null {
    return this.#files.get(key) ?? null;
  }

  /** Forgets a closed file, so that it is new when it is met again. */
  forget(file: LogFile): void {
    this.#files.delete(file.key);
  }

  #forgetOldest(): void {
    if (this.#files.size <= MAX_CLOSED) return;
    for (const file of this.#files.values()) {
      if (!file.isOpen) return this.forget(file);
    }
  }
}
