import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { until } from '../until.ts';
import { scratchFile, scratchFolder } from '../policy-file/scratch.ts';

const COMMITTER = fileURLToPath(new URL('programs/committer.ts', import.meta.url));
const EDITS = 100;
const KILLS = 8;

const committer = (path: string, journal: string, name: string, count: number): ChildProcess =>
  spawn(process.execPath, [COMMITTER, path, journal, name, String(count)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

const entriesOf = (text: string): readonly string[] => (parse(text) as { allow: readonly string[] }).allow;

it('two processes making a hundred edits each on one file lose none', async () => {
  const path = await realpath(await scratchFile('allow:\n  - first # stays\n'));
  const journal = join(await scratchFolder(), 'journal.jsonl');
  const children = ['one', 'two'].map(name => committer(path, journal, name, EDITS));
  const exits = await Promise.all(children.map(child => once(child, 'exit')));
  expect(exits.map(([code]) => code as number)).toEqual([0, 0]);
  const wanted = ['one', 'two'].flatMap(name =>
    Array.from({ length: EDITS }, (_, i) => `${name}-${i}.example`),
  );
  expect([...entriesOf(await readFile(path, 'utf8'))].sort()).toEqual(['first', ...wanted].sort());
  expect(await readJournal(journal)).toMatchObject({ skipped: 0, records: { length: 2 * EDITS } });
  expect(await readdir(dirname(path))).toEqual(['policy.yaml']);
}, 60_000);

it('a writer killed at any moment leaves the old file or the new one, and the next write cleans up', async () => {
  const path = await realpath(await scratchFile('allow:\n  - first # stays\n'));
  const journal = join(await scratchFolder(), 'journal.jsonl');
  for (let round = 0; round < KILLS; round++) {
    const before = (await readFile(path, 'utf8')).length;
    const child = committer(path, journal, `round-${round}`, 10_000);
    await until(async () => (await readFile(path, 'utf8')).length > before + 100 + 7 * round);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const text = await readFile(path, 'utf8');
    expect(microagentDialect.parse(text, path).type).toBe('valid');
    const read = await readJournal(journal);
    const known = read.type === 'read' ? read.records.flatMap(({ before, after }) => [before, after]) : [];
    expect(known).toContain(revision(text));
    const edit = [{ type: 'add', list: 'allow', entry: `after-${round}.example` }] as const;
    const file = new PolicyFile({ path, journal, dialect: microagentDialect, actor: 'next', now: () => 0 });
    const result = await file.commit(edit);
    expect(result).toMatchObject({ type: 'written' });
    expect(await readdir(dirname(path))).toEqual(['policy.yaml']);
  }
}, 60_000);
