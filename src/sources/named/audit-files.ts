import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { IsLog } from '../source.ts';
import { nameBeforeRotation } from './rotated-history.ts';

const DOCUMENT_NAME = /\.json$/;
const AUDIT_NAME = /\.(jsonl|ndjson|log)$/;
/** `broker-capture.jsonl` of microagent and its like. */
const CAPTURE_NAME = /(^|[-_.])captures?([-_.]|$)/i;

/** Whether a path, or what it links to, speaks of raw captures, which may hold secrets: read only when a person names the very file. */
async function isCapture(path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path); // nothing there: the name alone tells
  return CAPTURE_NAME.test(basename(path)) || CAPTURE_NAME.test(basename(real));
}

/**
 * The audit logs directly in a directory, by name: `*.jsonl`, `*.ndjson`, `*.log`, and of `*.json` those that are logs; no dotfiles, no
 * captures. A log of which only rotated files are left counts too. Throws the system's error when the directory cannot be listed.
 */
export async function auditFilesIn(directory: string, isLog: IsLog = async () => false): Promise<string[]> {
  const names = new Set((await readdir(directory)).map(nameBeforeRotation));
  const seen = [...names].filter(name => !name.startsWith('.')).sort();
  const named = seen.filter(name => AUDIT_NAME.test(name) || DOCUMENT_NAME.test(name));
  const paths = await withoutCaptures(named.map(name => join(directory, name)));
  const isOne = await Promise.all(paths.map(async path => !DOCUMENT_NAME.test(path) || isLog(path)));
  return paths.filter((_, index) => isOne[index] === true);
}

/** The paths that are no captures, in the same order. */
export async function withoutCaptures(paths: readonly string[]): Promise<string[]> {
  const captures = await Promise.all(paths.map(isCapture));
  return paths.filter((_, i) => !captures[i]);
}
