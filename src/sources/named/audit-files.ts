import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { nameBeforeRotation } from './rotated-history.ts';

const AUDIT_NAME = /\.(jsonl|ndjson|log)$/;
/** `broker-capture.jsonl` of microagent and its like. */
const CAPTURE_NAME = /(^|[-_.])captures?([-_.]|$)/i;

/** Whether a path, or what it links to, speaks of raw captures, which may hold secrets: read only when a person names the very file. */
async function isCapture(path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path); // nothing there: the name alone tells
  return CAPTURE_NAME.test(basename(path)) || CAPTURE_NAME.test(basename(real));
}

/**
 * The audit logs directly in a directory, by name: `*.jsonl`, `*.ndjson`, `*.log`, no dotfiles, no captures. A log of which only
 * rotated files are left counts too. Throws the system's error when the directory cannot be listed.
 */
export async function auditFilesIn(directory: string): Promise<string[]> {
  const names = new Set((await readdir(directory)).map(nameBeforeRotation));
  const logs = [...names].filter(name => AUDIT_NAME.test(name) && !name.startsWith('.')).sort();
  return withoutCaptures(logs.map(name => join(directory, name)));
}

/** The paths that are no captures, in the same order. */
export async function withoutCaptures(paths: readonly string[]): Promise<string[]> {
  const captures = await Promise.all(paths.map(isCapture));
  return paths.filter((_, i) => !captures[i]);
}
