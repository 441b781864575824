import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Problem } from '../../core/problem.ts';
import { auditFilesIn } from './audit-files.ts';
import { rotatedHistory } from './rotated-history.ts';
import { isNatsAddress, parseNatsAddress, shownAddress } from '../nats/nats-address.ts';
import type { IsLog, SourceSpec } from '../source.ts';
import { trouble, troubleOf } from '../trouble.ts';

/** Reads a SOURCE argument: `-`, `unix:PATH`, a URL (without its token), a glob (unless a file has that very name), else a path. */
export async function parseSource(text: string): Promise<SourceSpec> {
  if (text === '-') return { type: 'stdin' };
  if (text.startsWith('unix:')) return { type: 'socket', path: text.slice('unix:'.length) };
  if (isNatsAddress(text)) return { type: 'nats', address: parseNatsAddress(text), access: null };
  if (/^https?:\/\//i.test(text)) return { type: 'url', url: text, token: () => null };
  if (!existsSync(text) && (await isGlob(text))) return { type: 'glob', pattern: text };
  return { type: 'path', path: text };
}

const isGlob = async (text: string): Promise<boolean> =>
  /[^\w./-]/.test(text) && (await import('picomatch')).default.scan(text).isGlob;

/** The files to read, in reading order, and what could not be listed or read. */
export interface Listing {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * The files that path and glob sources name today (stdin and sockets have none): each log's rotated history oldest first, then the
 * log. A file reached twice, by whatever name or link, is listed once. Never throws for what the file system says.
 */
export async function listFiles(specs: SourceSpec | readonly SourceSpec[]): Promise<Listing> {
  const files: string[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const spec of [specs].flat()) {
    const logs = await logsOf(spec).catch((error: unknown) => [troubleOf(error, nameOf(spec))]);
    for (const log of logs) await add(log);
  }
  return { files, problems };

  async function add(log: string | Problem): Promise<void> {
    if (typeof log !== 'string') return void problems.push(log);
    const history = await rotatedHistory(log);
    for (const path of [...history, log]) {
      const found = await identify(path).catch((error: unknown) => troubleOf(error, path));
      if (typeof found === 'string') {
        if (!seen.has(found)) files.push(path);
        seen.add(found);
      } else if (path !== log || history.length === 0 || found.why !== 'does not exist') {
        problems.push(found); // a log that was just rotated away and has a history is no problem
      }
    }
  }
}

async function logsOf(spec: SourceSpec): Promise<readonly (string | Problem)[]> {
  switch (spec.type) {
    case 'path':
      return (await isDirectory(spec.path)) ? logsIn(spec.path, spec.isLog) : [spec.path];
    case 'glob': {
      const { globMatches } = await import('./glob-matches.ts');
      const { files } = await globMatches(spec.pattern);
      return files.length > 0 ? files : [trouble(spec.pattern, 'matches no file', 'check the pattern')];
    }
    case 'socket':
    case 'url':
    case 'nats':
    case 'command':
    case 'stdin':
      return [];
  }
}

async function logsIn(directory: string, isLog: IsLog | undefined): Promise<readonly (string | Problem)[]> {
  const logs = await auditFilesIn(directory, isLog);
  if (logs.length > 0) return logs;
  const why = 'holds no *.jsonl, *.ndjson or *.log file, and no *.json file with records';
  return [{ ...trouble(directory, why, 'name a file or a glob'), severity: 'warning' }];
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false; // a failure is told when the file itself is identified
}

/** `dev:ino` of a path that can be read. */
async function identify(path: string): Promise<string> {
  await access(path, constants.R_OK);
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** A person's name for a source: its path, pattern, `unix:PATH`, address (without what its query says) or `-`. */
export function nameOf(spec: SourceSpec): string {
  switch (spec.type) {
    case 'path':
      return spec.path;
    case 'glob':
      return spec.pattern;
    case 'socket':
      return `unix:${spec.path}`;
    case 'url':
      return shownUrl(spec.url);
    case 'nats':
      return shownAddress(spec.address);
    case 'command':
      return spec.name;
    case 'stdin':
      return '-';
  }
}

/** The values of a query, and a user's name, may be secrets. */
function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return text.replace(/[?#].*$/s, '');
  const names = [...new Set(url.searchParams.keys())].map(name => `${encodeURIComponent(name)}=…`);
  return `${url.origin}${url.pathname}${names.length > 0 ? `?${names.join('&')}` : ''}`;
}
