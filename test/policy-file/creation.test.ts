import { readdirSync, symlinkSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dialect, EntryChange } from '../../src/core/policy/dialect.ts';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { NO_FILE, revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../src/systems/orcarouter/policy/dialect.ts';
import { zephDialect } from '../../src/systems/zeph/policy/dialect.ts';
import { scratchFolder } from './scratch.ts';

const add = (entry: string): EntryChange => ({ type: 'add', list: 'allow', entry });
const remove = (entry: string): EntryChange => ({ type: 'remove', list: 'allow', entry });

/** A folder in which the policy is not there yet, and the acts on it. */
async function emptyDesk(name = 'new.yaml', dialect: Dialect = microagentDialect) {
  const folder = join(await realpath(await scratchFolder()), 'desk');
  await mkdir(folder);
  const path = join(folder, name);
  let now = Date.parse('2026-11-20T17:00:00Z');
  const file = new PolicyFile({
    path,
    dialect,
    start: dialect.template?.('empty', path) ?? '',
    journal: join(folder, '..', 'state', 'journal.jsonl'),
    actor: 'ada@lab',
    now: () => (now += 1_000),
  });
  return { path, file, folder, text: () => readFile(path, 'utf8'), left: () => readdirSync(folder) };
}

describe('a policy file that is not there yet', () => {
  it('a plan shows the whole new text against nothing, and leaves no file', async () => {
    const { file, path, left } = await emptyDesk();
    const planned = await file.plan([add('.pypi.org')]);
    expect(planned).toMatchObject({
      type: 'planned',
      fate: 'made',
      revision: NO_FILE,
      diff: `--- /dev/null\n+++ ${path}\n@@ -0,0 +1,3 @@\n+allow:\n+  - .pypi.org\n+passthrough: []\n`,
    });
    expect(left()).toEqual([]);
  });

  it.each([
    ['new.yaml', microagentDialect],
    ['new.yml', microagentDialect],
    ['new.json', microagentDialect],
    ['new.toml', zephDialect],
    ['new.json', orcarouterDialect],
  ])(
    'the first entry makes %s, which its system reads, and which its owner alone may read',
    async (name, dialect) => {
      const { file, path, text } = await emptyDesk(name, dialect);
      const made = await file.commit([add('a.example')]);
      expect(made).toMatchObject({ type: 'written', fate: 'made' });
      const parsed = dialect.parse(await text(), path);
      expect(parsed.type === 'valid' && parsed.policy.entries.map(entry => entry.text)).toEqual([
        'a.example',
      ]);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    },
  );

  it('undoing its creation removes the file, and the journal holds both', async () => {
    const { file, text, left } = await emptyDesk();
    await file.commit([add('a.example')]);
    const made = revision(await text());
    expect(await file.undo()).toMatchObject({ type: 'written', fate: 'removed' });
    expect(left()).toEqual([]);
    expect(await file.records()).toMatchObject([
      { before: NO_FILE, after: made },
      { before: made, after: NO_FILE, edit: { type: 'undo' } },
    ]);
    expect(await file.undo()).toMatchObject({ type: 'failed', problem: { why: 'does not exist' } });
  });

  it('undoing its creation after later edits takes the entry out and keeps the file', async () => {
    const { file, text } = await emptyDesk();
    const made = await file.commit([add('a.example')]);
    await file.commit([add('b.example')]);
    const of = made.type === 'written' ? made.record : { at: '', after: '' };
    expect(await file.undoRecord(of)).toMatchObject({ type: 'written', fate: 'changed' });
    expect(await text()).toBe('allow:\n  - b.example\npassthrough: []\n');
  });

  it('undoing all edits, newest first, ends with no file', async () => {
    const { file, left } = await emptyDesk();
    await file.commit([add('a.example')]);
    await file.commit([add('b.example')]);
    await file.commit([remove('a.example')]);
    for (const fate of ['changed', 'changed', 'removed'])
      expect(await file.undo()).toMatchObject({ type: 'written', fate });
    expect(left()).toEqual([]);
  });

  it.each([
    ['an entry that is refused', [add('a\nb')]],
    ['an empty entry', [add('')]],
    ['a removal', [remove('a.example')]],
  ])('%s makes no file', async (_, edit) => {
    const { file, left } = await emptyDesk();
    expect((await file.plan(edit)).type).toMatch(/refused|failed/);
    expect((await file.commit(edit)).type).toMatch(/refused|failed/);
    expect(left()).toEqual([]);
  });

  it('in a folder that is not there it is not made, and the remedy says how to make the folder', async () => {
    const { file, folder } = await emptyDesk();
    await rm(folder, { recursive: true });
    for (const result of [await file.plan([add('x')]), await file.commit([add('x')])])
      expect(result).toMatchObject({
        type: 'failed',
        problem: {
          why: expect.stringMatching(/folder does not exist|does not exist/),
          remedy: expect.anything(),
        },
      });
    expect(await file.plan([add('x')])).toMatchObject({
      problem: { remedy: `make the folder first: mkdir -p ${folder}` },
    });
  });

  it('behind a link to nothing it is not made', async () => {
    const { file, path, folder, left } = await emptyDesk();
    symlinkSync(join(folder, 'gone.yaml'), path);
    expect(await file.commit([add('x')])).toMatchObject({
      type: 'failed',
      problem: { why: 'is a link to a file that does not exist' },
    });
    expect(left()).toEqual(['new.yaml']);
  });

  it('a file that another program makes after the preview is a conflict and stays as it is', async () => {
    const { file, path, text } = await emptyDesk();
    const planned = await file.plan([add('a.example')]);
    await writeFile(path, 'allow: [theirs.example]\n');
    const expected = planned.type === 'planned' ? planned.revision : '';
    expect(await file.commit([add('a.example')], expected)).toMatchObject({ type: 'conflict' });
    expect(await text()).toBe('allow: [theirs.example]\n');
  });

  it('two writers that make it at once leave both entries in one file', async () => {
    const { file, path, text } = await emptyDesk();
    await Promise.all(['a', 'b', 'c', 'd'].map(entry => file.commit([add(`${entry}.example`)])));
    const parsed = microagentDialect.parse(await text(), path);
    const entries = parsed.type === 'valid' ? parsed.policy.entries.map(entry => entry.text) : [];
    expect(entries.toSorted()).toEqual(['a.example', 'b.example', 'c.example', 'd.example']);
  });

  it('a draft on it is saved as one diff that makes it', async () => {
    const { file, text } = await emptyDesk();
    const laid = await file.lay([[add('a.example')], [add('b.example')]]);
    const whole = laid.type === 'laid' ? laid.whole : [];
    expect(await file.commit(whole, NO_FILE)).toMatchObject({ fate: 'made' });
    expect(await text()).toBe('allow:\n  - a.example\n  - b.example\npassthrough: []\n');
  });
});
