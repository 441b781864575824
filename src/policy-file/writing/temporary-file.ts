import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/**
 * A file being written beside the one that it shall replace. A reader finds the old file or the whole new one. Without a rename, nothing
 * is left of it.
 */
export class TemporaryFile {
  readonly path: string;
  readonly handle: FileHandle;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle) {
    [this.path, this.handle] = [path, handle];
  }

  /** Creates the file; fails where one of that name stands already. */
  static async create(path: string, mode: number): Promise<TemporaryFile> {
    return new TemporaryFile(path, await open(path, 'wx', mode));
  }

  /** Waits until the content is on the disk. Nothing more can be written. */
  async finish(): Promise<void> {
    await this.handle.sync();
    this.#isOpen = false;
    await this.handle.close();
  }

  async renameTo(target: string): Promise<void> {
    await rename(this.path, target);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#isOpen) await this.handle.close();
    } finally {
      await rm(this.path, { force: true }); // after a rename there is no such file
    }
  }
}
