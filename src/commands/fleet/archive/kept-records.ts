import { createHash } from 'node:crypto';
import { openPart } from '../../../reading/archive/part-file.ts';

/** More records are not held: it is a matter of memory. */
const MAX_RECORDS = 500_000;

/** The newest records of an archive, to tell whether it has one. */
export class KeptRecords {
  readonly #hashes: ReadonlySet<string>;
  /** Whether the archive has no older ones. */
  readonly isAll: boolean;

  private constructor(hashes: ReadonlySet<string>, isAll: boolean) {
    [this.#hashes, this.isAll] = [hashes, isAll];
  }

  /** Reads files, the newest last. Throws a SourceError where one cannot be read. */
  static async read(files: readonly string[]): Promise<KeptRecords> {
    const hashes = new Set<string>();
    let rows = 0;
    for (const file of files.toReversed()) {
      const part = await openPart(file);
      rows += part.rows;
      if (rows > MAX_RECORDS) return new KeptRecords(hashes, false);
      for await (const lines of part.lines())
        for (const { machine, record } of lines) hashes.add(hashOf(machine, record));
    }
    return new KeptRecords(hashes, true);
  }

  has(machine: string, record: string): boolean {
    return this.#hashes.has(hashOf(machine, record));
  }
}

const hashOf = (machine: string, record: string): string =>
  createHash('sha256').update(`${machine}\n${record}`).digest('base64url').slice(0, 22);
