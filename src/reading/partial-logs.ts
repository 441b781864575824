import { open, readFile, stat } from 'node:fs/promises';
import type { PartialLog } from '../core/completeness.ts';
import { parseObject } from '../core/record.ts';
import { systemOf } from '../systems/decode-line.ts';
import type { PartialLogs, System } from '../systems/system.ts';

/** As much of a log as is looked at to tell whose it is. */
const HEAD_BYTES = 64 * 1024;

/** The logs among these files that do not hold every ruling, each once, however many rotated files it has. */
export async function partialLogs(
  paths: readonly string[],
  systems: readonly System[],
): Promise<readonly PartialLog[]> {
  const found = new Map<string, PartialLog>();
  for (const path of paths) {
    const log = path.replace(/\.gz$/, '').replace(/\.\d+$/, '');
    const writer = found.has(log) ? null : await writerOf(path, systems);
    if (writer) found.set(log, { log, holds: writer.holds, completeness: await completenessOf(log, writer) });
  }
  return [...found.values()];
}

async function completenessOf(log: string, writer: PartialLogs): Promise<PartialLog['completeness']> {
  const sidecar = writer.sidecarOf?.(log) ?? null;
  const text = sidecar === null ? null : await readFile(sidecar, 'utf8').catch(() => null); // not there, or not ours to read: unknown
  return writer.completeness(text);
}

/** Whose log it is, by its first line; null for one of whole logs, and for what is no regular file. */
async function writerOf(path: string, systems: readonly System[]): Promise<PartialLogs | null> {
  const line = await firstLine(path).catch(() => ''); // gone or unreadable: its reader says so
  const record = parseObject(line);
  if (record === null) return textWriterOf(line, systems);
  const system = systemOf(record, systems);
  return system?.partialLogs?.wrote(record) ? system.partialLogs : null;
}

/** The same of a line of text. Nothing is known of one that is longer than the head. */
function textWriterOf(line: string, systems: readonly System[]): PartialLogs | null {
  for (const { readText, partialLogs: partial } of systems) {
    const found = readText?.(line) ?? null;
    if (found) return found.type === 'record' && partial?.wrote(found.record) ? partial : null;
  }
  return null;
}

async function firstLine(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) return ''; // a pipe would be read empty
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return (
    buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart()
      .split('\n', 1)[0] ?? ''
  );
}
