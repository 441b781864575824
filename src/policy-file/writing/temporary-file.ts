import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/**
 * A file that is written beside the one it will replace. Readers find the old file or the complete new one. If it is not renamed, it is
 * removed.
 */
export class TemporaryFile {
  readonly path: string;
  readonly handle: FileHandle;
  #isOpen = true;

  private constructor(path: string, handle: FileHandle) {
    [this.path, this.handle] = [path, handle];
  }

  /** Creates the file. Throws if the name exists. */
  static async create(path: string, mode: number): Promise<TemporaryFile> {
    return new TemporaryFile(path, await open(path, 'wx', mode));
  }

  /** Syncs the content to disk and closes the file for writing. */
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
      await rm(this.path, { force: true }); // after a rename the file has another name
    }
  }
}
