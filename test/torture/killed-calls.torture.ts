import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { scratchFile, scratchFolder } from '../policy-file/scratch.ts';

const [COMMITTER, KILL_AT] = ['programs/committer.ts', 'programs/kill-at.ts'].map(name =>
  fileURLToPath(new URL(name, import.meta.url)),
) as [string, string];
const OLD = 'allow:\n  - first # stays\n';
const NEW = `${OLD}  - killed-0.example\n`;

/** One edit by a process of its own that is killed before its call number `at` of the file system; whether it came to its end before. */
async function edited(path: string, journal: string, at: number): Promise<boolean> {
  const args = ['--import', KILL_AT, COMMITTER, path, journal, 'killed', '1'];
  const env = { ...process.env, KILL_AT: String(at), KILL_IN: join(tmpdir(), 'egresstop-policy-') };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

it('a writer killed before any of its calls of the file system leaves the old file or the new one, told by the journal; the next write is as ever', async () => {
  const seen = new Set<string>();
  let isOver = false;
  for (let at = 1; !isOver; at += 1) {
    const path = await realpath(await scratchFile(OLD));
    const journal = join(await scratchFolder(), 'journal.jsonl');
    isOver = await edited(path, journal, at);
    const text = await readFile(path, 'utf8');
    expect([OLD, NEW], `killed before call ${at}`).toContain(text);
    const read = await readJournal(journal);
    const told = read.type === 'read' ? read.records.map(({ after }) => after) : [];
    if (text === NEW) expect(told, `killed before call ${at}`).toEqual([revision(NEW)]);
    seen.add(`${text === NEW ? 'new' : 'old'} file, ${told.length} told`);
    const edit = [{ type: 'add', list: 'allow', entry: 'next.example' }] as const;
    const file = new PolicyFile({ path, journal, dialect: microagentDialect, actor: 'next', now: () => 0 });
    const next = await file.commit(edit);
    expect(next, `killed before call ${at}`).toMatchObject({ type: 'written' });
    expect(await readFile(path, 'utf8')).toBe(`${text}  - next.example\n`);
    expect(await readdir(dirname(path)), `killed before call ${at}`).toEqual(['policy.yaml']);
  }
  expect([...seen]).toEqual(['old file, 0 told', 'old file, 1 told', 'new file, 1 told']);
});
