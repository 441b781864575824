import {
  appendFile,
  chmod,
  chown,
  lchown,
  mkdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendRecord, MAX_JOURNAL_RECORDS, readJournal } from '../../../src/policy-file/journal/journal.ts';
import { journalPath } from '../../../src/policy-file/journal/journal-place.ts';
import { type JournalRecord, withdrawalOf } from '../../../src/policy-file/journal/journal-record.ts';
import { scratchFolder } from '../scratch.ts';

const record = (entry: string): JournalRecord => ({
  at: '2026-11-20T17:00:00.000Z',
  actor: 'ada@lab',
  file: '/etc/policy.yaml',
  before: 'sha256:0',
  after: 'sha256:1',
  edit: [{ type: 'add', list: 'allow', entry, until: 1_795_197_600_000 }],
  diff: '--- a\n+++ b\n',
  expires: '2026-11-20T18:00:00.000Z',
  acknowledged: null,
});

const undo: JournalRecord = {
  ...record('x'),
  edit: {
    type: 'undo',
    of: { at: 'then', after: 'sha256:1' },
    edit: [{ type: 'remove', list: 'allow', entry: 'x' }],
  },
  expires: null,
};

const isRoot = process.getuid?.() === 0;

async function journal(): Promise<string> {
  return join(await scratchFolder(), 'state', 'egresstop', 'journal.jsonl');
}

describe('the journal', () => {
  it('stands in XDG_STATE_HOME, else in ~/.local/state', () => {
    expect(journalPath('/state', '/home/ada')).toBe('/state/egresstop/journal.jsonl');
    expect(journalPath(undefined, '/home/ada')).toBe('/home/ada/.local/state/egresstop/journal.jsonl');
    expect(journalPath('', '/home/ada')).toBe('/home/ada/.local/state/egresstop/journal.jsonl');
    expect(journalPath('state', '/home/ada')).toBe('/home/ada/.local/state/egresstop/journal.jsonl');
  });

  it('a missing journal is read as empty', async () => {
    expect(await readJournal(await journal())).toEqual({ type: 'read', records: [], skipped: 0 });
  });

  it('gives back what was appended, oldest first, one object a line', async () => {
    const path = await journal();
    for (const one of [record('a'), undo]) expect(await appendRecord(path, one)).toBe(null);
    expect(await readJournal(path)).toEqual({ type: 'read', records: [record('a'), undo], skipped: 0 });
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('only its owner can read the journal', async () => {
    const path = await journal();
    await appendRecord(path, record('a'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  });

  it('survives a torn last line: the next record stands on a line of its own', async () => {
    const path = await journal();
    await appendRecord(path, record('a'));
    await appendFile(path, '{"at":"2026-11-20T17:00:00.000Z","act');
    expect(await readJournal(path)).toEqual({ type: 'read', records: [record('a')], skipped: 1 });
    await appendRecord(path, record('b'));
    expect(await readJournal(path)).toEqual({
      type: 'read',
      records: [record('a'), record('b')],
      skipped: 1,
    });
  });

  it.each([
    'garbage',
    '[]',
    '1',
    '{}',
    '"x"',
    '\u0000\u0000',
    JSON.stringify({ ...record('a'), edit: 'x' }),
    JSON.stringify({ ...record('a'), edit: [{ type: 'add', list: 'other', entry: 'x' }] }),
    JSON.stringify({ ...record('a'), edit: [{ type: 'change', list: 'allow', entry: 'x' }] }),
    JSON.stringify({ ...record('a'), edit: { type: 'undo', of: {}, edit: [] } }),
    JSON.stringify({ ...record('a'), before: null }),
  ])('counts and passes by a line that is no record: %j', async line => {
    const path = await journal();
    await appendRecord(path, record('a'));
    await appendFile(path, `${line}\n\n`);
    expect(await readJournal(path)).toEqual({ type: 'read', records: [record('a')], skipped: 1 });
  });

  it('the journal does not give back a withdrawn edit or undo', async () => {
    const path = await journal();
    const elsewhere = { ...record('a'), file: '/elsewhere' };
    for (const line of [
      record('a'),
      elsewhere,
      withdrawalOf(record('a')),
      undo,
      withdrawalOf(undo),
      withdrawalOf(undo),
    ])
      await appendRecord(path, line);
    expect(await readJournal(path)).toEqual({ type: 'read', records: [elsewhere], skipped: 0 });
  });

  it('the journal is read from its end, up to a limit', async () => {
    const path = await journal();
    await appendRecord(path, record('old'));
    await appendFile(path, `${JSON.stringify(record('new'))}\n`.repeat(MAX_JOURNAL_RECORDS));
    const read = await readJournal(path);
    expect(read.type === 'read' && read.records).toHaveLength(MAX_JOURNAL_RECORDS);
    expect(read.type === 'read' && read.records[0]).toEqual(record('new'));
  });

  it('the journal of ten writers at once holds every record', async () => {
    const path = await journal();
    const names = Array.from({ length: 10 }, (_, i) => `host-${i}`);
    await Promise.all(names.map(name => appendRecord(path, record(name))));
    expect(await readJournal(path)).toMatchObject({ skipped: 0, records: { length: 10 } });
  });
});

describe('a journal that somebody else could have laid there is refused', () => {
  const refusal = (why: string): object => ({ why: `the journal is not safe: ${why}` });

  it('a journal in a folder that others may write to is refused', async () => {
    const path = await journal();
    await mkdir(dirname(path), { recursive: true });
    await chmod(dirname(path), 0o777);
    expect(await appendRecord(path, record('a'))).toMatchObject(refusal('others may write to its folder'));
    expect(await readJournal(path)).toMatchObject({
      type: 'failed',
      problem: refusal('others may write to its folder'),
    });
  });

  it('a journal that others may write to is refused', async () => {
    const path = await journal();
    await appendRecord(path, record('a'));
    await chmod(path, 0o666);
    expect(await readJournal(path)).toMatchObject({
      type: 'failed',
      problem: refusal('others may write to it'),
    });
  });

  it.runIf(isRoot)('as a link of another user', async () => {
    const path = await journal();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await symlink('/etc/passwd', path);
    await lchown(path, 1234, 1234);
    expect(await appendRecord(path, record('a'))).toMatchObject(
      refusal('a link of another user stands there'),
    );
  });

  it.runIf(isRoot)('in a folder of another user', async () => {
    const path = await journal();
    await appendRecord(path, record('a'));
    await chown(dirname(path), 1234, 1234);
    expect(await appendRecord(path, record('a'))).toMatchObject(
      refusal('its folder belongs to another user'),
    );
  });

  it('a journal that is no regular file is refused', async () => {
    const path = await journal();
    await mkdir(path, { recursive: true, mode: 0o700 });
    expect(await appendRecord(path, record('a'))).toMatchObject({ why: 'is a directory' });
    const through = join(await scratchFolder(), 'file');
    await writeFile(through, '');
    expect(await appendRecord(join(through, 'journal.jsonl'), record('a'))).toMatchObject({
      severity: 'error',
    });
  });
});
