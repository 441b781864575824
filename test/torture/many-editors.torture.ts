import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { scratchFile, scratchFolder } from '../policy-file/scratch.ts';
import { scaled } from './scale.ts';

const COMMITTER = fileURLToPath(new URL('committer.ts', import.meta.url));
const EDITOR = fileURLToPath(new URL('editor.ts', import.meta.url));

const start = (script: string, ...args: readonly string[]): Promise<number> => {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  return once(child, 'close').then(([code]) => code as number);
};

it('two writers of ours and an editor that knows no lock change one policy a thousand times, and no edit is lost', async () => {
  const path = realpathSync(await scratchFile('allow:\n  - first.example # stays\n'));
  const journal = join(await scratchFolder(), 'journal.jsonl');
  const [ours, theirs] = [scaled(400), scaled(200)];
  const codes = await Promise.all([
    start(COMMITTER, path, journal, 'one', String(ours)),
    start(COMMITTER, path, journal, 'two', String(ours)),
    start(EDITOR, path, String(theirs)),
  ]);
  expect(codes).toEqual([0, 0, 0]);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('  - first.example # stays\n');
  const named = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `${name}-${i}.example`);
  const wanted = ['first.example', ...named('one', ours), ...named('two', ours), ...named('editor', theirs)];
  const { allow } = parse(text) as { readonly allow: readonly string[] };
  expect(wanted.filter(entry => !allow.includes(entry))).toEqual([]);
  expect(allow).toHaveLength(wanted.length);
  expect(await readJournal(journal)).toMatchObject({ skipped: 0, records: { length: 2 * ours } });
});
