import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { scratchFile, scratchFolder } from '../policy-file/scratch.ts';
import { scaled } from './scale.ts';

const COMMITTER = fileURLToPath(new URL('programs/committer.ts', import.meta.url));
const EDITOR = fileURLToPath(new URL('programs/editor.ts', import.meta.url));
/** Neither side can compare and rename in one step: what may slip between two system calls of either, on a busy machine. */
const SLIPS = 0.01;
const HEAD = 'allow:\n  - first.example # stays\n';

function start(script: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const ended = async (child: ChildProcess): Promise<number> => ((await once(child, 'close')) as [number])[0];

const named = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${name}-${i}.example`);

it('two writers of ours and an editor that knows no lock change one policy a thousand times: next to none is lost, no reader sees half a file', async () => {
  const path = realpathSync(await scratchFile(HEAD));
  const journal = join(await scratchFolder(), 'journal.jsonl');
  const ours = scaled(400, 100);
  const editor = start(EDITOR, path, String(ours / 2)); // without an end it and a slow machine would go on for ever
  const editorsEnd = ended(editor);
  let said = '';
  editor.stdout?.on('data', chunk => (said += String(chunk)));
  const writers = ['one', 'two'].map(name => start(COMMITTER, path, journal, name, String(ours)));
  const stopReading = readOn(path);
  expect(await Promise.all(writers.map(ended))).toEqual([0, 0]);
  editor.stdin?.end();
  expect(await editorsEnd).toBe(0);
  expect(stopReading()).toEqual([]);
  const theirs = Number(said);
  expect(theirs).toBeGreaterThan(10);
  const text = readFileSync(path, 'utf8');
  const wanted = ['first.example', ...named('one', ours), ...named('two', ours), ...named('editor', theirs)];
  const { allow } = parse(text) as { readonly allow: readonly string[] };
  const lost = wanted.filter(entry => !allow.includes(entry));
  expect(lost.length, lost.join()).toBeLessThanOrEqual(wanted.length * SLIPS);
  expect(allow).toHaveLength(wanted.length - lost.length);
  expect(await readJournal(journal)).toMatchObject({ skipped: 0 });
});

/** Reads the file again and again; what is given back in the end are the texts that were no whole policy. */
function readOn(path: string): () => readonly string[] {
  const torn: string[] = [];
  const look = (): void => {
    const text = readFileSync(path, 'utf8');
    if (!text.startsWith(HEAD) || !text.endsWith('\n')) torn.push(text);
  };
  const looking = setInterval(look, 1);
  onTestFinished(() => clearInterval(looking));
  return () => {
    clearInterval(looking);
    return torn;
  };
}
