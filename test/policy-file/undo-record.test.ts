import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntryChange } from '../../src/core/policy/dialect.ts';
import { EXPIRY_ACTOR } from '../../src/policy-file/expire.ts';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { scratchFile } from './scratch.ts';

const NOW = Date.parse('2026-11-20T17:00:00Z');
const POLICY = 'allow:\n  - a.example # first\n  - b.example\n';
const add = (entry: string): EntryChange => ({ type: 'add', list: 'allow', entry });
const remove = (entry: string): EntryChange => ({ type: 'remove', list: 'allow', entry });

/** A policy file on which three edits were made, a second apart. */
async function desk() {
  const path = await realpath(await scratchFile(POLICY));
  const journal = join(dirname(path), 'state', 'journal.jsonl');
  let now = NOW;
  const fileOf = (actor: string) =>
    new PolicyFile({ path, dialect: microagentDialect, journal, actor, now: () => (now += 1_000) });
  const file = fileOf('ada@lab');
  const commit = async (change: EntryChange, actor = 'ada@lab') => {
    const result = await fileOf(actor).commit([change]);
    if (result.type !== 'written') throw new Error(JSON.stringify(result));
    return result.record;
  };
  const records = async () => {
    const read = await readJournal(journal);
    if (read.type === 'failed') throw new Error(read.problem.why);
    return read.records;
  };
  const edits = [await commit(add('x')), await commit(remove('a.example')), await commit(add('z'))] as const;
  return { path, journal, file, commit, records, edits, text: () => readFile(path, 'utf8') };
}

describe('undoing one edit of the journal', () => {
  it('takes back that one with its comment, and leaves those made since', async () => {
    const { file, edits, text } = await desk();
    expect(await file.undoRecord(edits[1])).toMatchObject({ type: 'written', undoes: edits[1] });
    expect(await text()).toBe('allow:\n  - a.example # first\n  - b.example\n  - x\n  - z\n');
  });

  it('undoing one edit is journalled as the undo of that edit, and the plain undo skips it', async () => {
    const { file, edits, text, records } = await desk();
    await file.undoRecord(edits[2]);
    const { at, after } = edits[2];
    expect((await records()).at(-1)?.edit).toEqual({ type: 'undo', of: { at, after }, edit: [remove('z')] });
    expect(await file.undo()).toMatchObject({ type: 'written', undoes: edits[1] });
    expect(await text()).toContain('a.example # first');
  });

  it('undo of one edit says who undid it already', async () => {
    const { file, edits } = await desk();
    await file.undoRecord(edits[0]);
    expect(await file.undoRecord(edits[0])).toMatchObject({
      type: 'refused',
      why: expect.stringMatching(/^already undone at 2026-.* by ada@lab$/) as unknown,
    });
  });

  it('says when nothing of its effect is left', async () => {
    const { file, edits, path } = await desk();
    await writeFile(path, POLICY);
    expect(await file.undoRecord(edits[0])).toMatchObject({
      type: 'refused',
      why: 'nothing of its effect is left: its entries were changed since',
    });
    expect(await readFile(path, 'utf8')).toBe(POLICY);
  });

  it('takes back neither an undo nor the end of a grant', async () => {
    const { file, edits, records, commit } = await desk();
    await file.undoRecord(edits[0]);
    const [undo, ended] = [(await records()).at(-1), await commit(remove('z'), EXPIRY_ACTOR)];
    if (!undo) throw new Error('an undo was journalled');
    expect(await file.undoRecord(undo)).toMatchObject({ type: 'refused' });
    expect(await file.undoRecord(ended)).toMatchObject({ type: 'refused' });
  });

  it('writes nothing on another text than the one that was shown', async () => {
    const { file, edits, text } = await desk();
    const before = await text();
    const result = await file.undoRecord(edits[0], revision('other'));
    expect(result.type).toBe('conflict');
    expect(await text()).toBe(before);
  });

  it('knows no edit that the journal does not hold, and touches no policy that does not parse', async () => {
    const { file, edits, path } = await desk();
    const of = { at: 'then', after: 'sha256:0' };
    expect(await file.undoRecord(of)).toMatchObject({ type: 'refused' });
    await writeFile(path, 'allow: {');
    expect(await file.undoRecord(edits[0])).toMatchObject({ type: 'refused' });
  });
});

describe('the word of a mediator that it holds a revision', () => {
  it('stands behind the edit that made it, once', async () => {
    const { file, journal, edits, records } = await desk();
    const said = { revision: edits[2].after, by: '127.0.0.1:8877', at: NOW + 60_000 };
    expect(await file.acknowledge(said)).toBeNull();
    const lines = (await readFile(journal, 'utf8')).trim().split('\n');
    expect(await file.acknowledge({ ...said, at: NOW + 120_000 })).toBeNull();
    expect((await readFile(journal, 'utf8')).trim().split('\n')).toEqual(lines);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      actor: '127.0.0.1:8877',
      acknowledged: '2026-11-20T17:01:00.000Z',
      edit: { type: 'acknowledgement', of: { at: edits[2].at, after: edits[2].after } },
    });
    expect((await records()).map(({ acknowledged }) => acknowledged)).toEqual([
      null,
      null,
      '2026-11-20T17:01:00.000Z',
    ]);
  });

  it('a revision that a mediator holds acknowledges no later edit, and no revision without an edit', async () => {
    const { file, edits, records } = await desk();
    await file.acknowledge({ revision: edits[2].after, by: 'm', at: NOW });
    await file.acknowledge({ revision: 'sha256:0', by: 'm', at: NOW + 60_000 });
    expect((await records()).every(({ acknowledged }) => acknowledged === null)).toBe(true);
  });
});
