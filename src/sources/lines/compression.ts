import type { Problem } from '../../core/problem.ts';
import { trouble } from '../trouble.ts';

/** A way of compressing that egresstop does not undo under this name. */
interface Compression {
  readonly name: string;
  /** The program that writes the plain bytes to standard output. */
  readonly program: string;
}

/** The first bytes of compressed files, by their formats (RFC 1952, RFC 8878, the XZ and LZ4 formats, bzip2's and zip's own). */
const MAGICS: readonly (readonly [RegExp, Compression])[] = [
  [/^\x1F\x8B\x08/, { name: 'gzip', program: 'gzip -dc' }],
  [/^\x28\xB5\x2F\xFD/, { name: 'zstd', program: 'zstd -dc' }],
  [/^\xFD7zXZ\0/, { name: 'xz', program: 'xz -dc' }],
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, { name: 'bzip2', program: 'bzip2 -dc' }],
  [/^\x04\x22\x4D\x18/, { name: 'lz4', program: 'lz4 -dc' }],
  [/^PK\x03\x04/, { name: 'zip', program: 'unzip -p' }],
];

/** The problem of a source whose first bytes are compressed under a plain name, as lines that nobody can read; null for any other. */
export function compressedTrouble(source: string, start: Buffer): Problem | null {
  const found = compressionOf(start);
  return (
    found &&
    trouble(source, `is compressed with ${found.name}`, `use \`${found.program} FILE | egresstop report -\``)
  );
}

/** How the bytes at the start of a file are compressed; null where no known way begins so. */
export function compressionOf(start: Buffer): Compression | null {
  const text = start.toString('latin1', 0, 16); // one character a byte
  return MAGICS.find(([magic]) => magic.test(text))?.[1] ?? null;
}
