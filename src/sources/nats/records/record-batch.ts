import { promisify } from 'node:util';
import { gunzip, gunzipSync, gzip } from 'node:zlib';

/** Lines of one file, as a machine ships them: some or all of the bytes between two places. */
export interface RecordBatch {
  /** The path of the file on the machine. */
  readonly file: string;
  /** The bytes of the file from which the lines were taken. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
  /** The lines that were taken: denials alone, or all. */
  readonly holds: RecordChoice;
  /** Marks of every file of the machine up to where its records were taken, this batch included. */
  readonly cursors: readonly string[];
}

/** Which records are shipped. */
export type RecordChoice = 'denials' | 'all';

/** A batch as a message: its headers and its compressed lines. */
export interface PackedBatch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** No honest batch is longer, decompressed. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Bytes of a body that is unpacked at once, which takes a few ms at most: another thread takes longer to begin with it. */
const SMALL_BYTES = 4 * 1024;
/** Files whose marks are told, the newest. */
const MAX_CURSORS = 64;

const NAMES = {
  file: 'Egress-File',
  from: 'Egress-From',
  to: 'Egress-To',
  lines: 'Egress-Lines',
  holds: 'Egress-Holds',
  cursors: 'Egress-Cursors',
} as const;

/** The message of a batch. A header cannot hold every character, so the path is percent-encoded. */
export async function packBatch(batch: RecordBatch): Promise<PackedBatch> {
  return {
    headers: {
      [NAMES.file]: encodeURIComponent(batch.file.toWellFormed()),
      [NAMES.from]: `${batch.from}`,
      [NAMES.to]: `${batch.to}`,
      [NAMES.lines]: `${batch.lines.length}`,
      [NAMES.holds]: batch.holds,
      [NAMES.cursors]: batch.cursors.slice(-MAX_CURSORS).join(' '),
    },
    body: await promisify(gzip)(batch.lines.map(line => `${line}\n`).join('')),
  };
}

/** The batch of a message, or why it is none. Whatever its bytes are, they take no more memory than a batch may. */
export async function unpackBatch(
  header: (name: string) => string,
  body: Uint8Array,
): Promise<RecordBatch | { readonly why: string }> {
  const [from, to, count] = [NAMES.from, NAMES.to, NAMES.lines].map(name => wholeNumber(header(name)));
  const [file, holds] = [decoded(header(NAMES.file)), header(NAMES.holds)];
  if (from === undefined || to === undefined || from === null || to === null || from > to || file === null)
    return { why: 'its headers are no batch’s' };
  if (holds !== 'denials' && holds !== 'all') return { why: 'its headers are no batch’s' };
  const text = await unzipped(body);
  if (text === null) return { why: 'it is no gzip, or too long' };
  const lines = text.split('\n').slice(0, -1);
  if (lines.length !== count) return { why: 'it has another number of lines than it says' };
  const cursors = header(NAMES.cursors)
    .split(' ')
    .filter(mark => mark !== '');
  return { file, from, to, lines, holds, cursors };
}

/** Null for what is no gzip, and for more bytes than a batch has. */
async function unzipped(body: Uint8Array): Promise<string | null> {
  const limit = { maxOutputLength: MAX_BYTES };
  try {
    const bytes = body.length <= SMALL_BYTES ? gunzipSync(body, limit) : await promisify(gunzip)(body, limit);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

const wholeNumber = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);

function decoded(text: string): string | null {
  try {
    return text === '' || text.length > 16_384 ? null : decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
