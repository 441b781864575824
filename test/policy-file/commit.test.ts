import { execFile } from 'node:child_process';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { chmod, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EntryChange, ListName } from '../../src/core/policy/dialect.ts';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import type { JournalRecord } from '../../src/policy-file/journal/journal-record.ts';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { until } from '../until.ts';
import { changedLines } from './changed-lines.ts';
import { scratchFile } from './scratch.ts';

const NOW = Date.parse('2026-11-20T17:00:00Z');
const POLICY = '# head\nallow:\n  - a.example # first\n  # about b\n  - b.example\npassthrough: []\n';

const add = (entry: string, until?: number, list: ListName = 'allow'): EntryChange =>
  until === undefined ? { type: 'add', list, entry } : { type: 'add', list, entry, until };
const remove = (entry: string, list: ListName = 'allow'): EntryChange => ({ type: 'remove', list, entry });

/** A policy file with its journal, and the acts on it. */
async function desk(text = POLICY, name = 'policy.yaml') {
  const path = await realpath(await scratchFile(text, name));
  const journal = join(dirname(path), 'state', 'journal.jsonl');
  const file = new PolicyFile({
    path,
    dialect: microagentDialect,
    journal,
    actor: 'ada@lab',
    now: () => NOW,
  });
  return {
    path,
    journal,
    file,
    commit: (...edit: readonly EntryChange[]) => file.commit(edit),
    undo: () => file.undo(),
    text: () => readFile(path, 'utf8'),
    records: async (): Promise<readonly JournalRecord[]> => {
      const read = await readJournal(journal);
      return read.type === 'read' ? read.records : [];
    },
  };
}

describe('an edit', () => {
  it('changes its line, and the journal tells who did what when', async () => {
    const { path, commit, text, records } = await desk();
    const result = await commit(add('c.example'));
    expect(changedLines(POLICY, await text())).toEqual(['+  - c.example']);
    const record = {
      at: '2026-11-20T17:00:00.000Z',
      actor: 'ada@lab',
      file: path,
      before: revision(POLICY),
      after: revision(await text()),
      edit: [add('c.example')],
      diff: `--- ${path}\n+++ ${path}\n@@ -3,4 +3,5 @@\n   - a.example # first\n   # about b\n   - b.example\n+  - c.example\n passthrough: []\n`,
      expires: null,
      acknowledged: null,
    };
    expect(await records()).toEqual([record]);
    expect(result).toMatchObject({ type: 'written', text: await text(), diff: record.diff, record });
    const [before, after] =
      result.type === 'written' ? [result.before.entries, result.after.entries] : [[], []];
    expect([before.length, after.map(entry => entry.text)]).toEqual([
      2,
      ['a.example', 'b.example', 'c.example'],
    ]);
  });

  it('an edit with an end is journalled with that end', async () => {
    const { commit, text, records } = await desk();
    await commit(add('c.example', NOW + 3_600_000));
    expect(changedLines(POLICY, await text())).toEqual([
      '+  - c.example  # egresstop: until 2026-11-20T18:00:00Z',
    ]);
    expect(await records()).toMatchObject([{ expires: '2026-11-20T18:00:00.000Z' }]);
  });

  it('that says what stands there already changes and journals nothing', async () => {
    const { commit, text, records } = await desk();
    expect(await commit(add('A.example.'))).toMatchObject({ type: 'unchanged' });
    expect([await text(), await records()]).toEqual([POLICY, []]);
  });

  it('an edit of a policy that does not parse is refused with the place, and the file stays', async () => {
    const { commit, text } = await desk('allow: [a\n');
    expect(await commit(add('c'))).toMatchObject({
      type: 'refused',
      problems: [{ line: 1, severity: 'error' }],
    });
    expect(await text()).toBe('allow: [a\n');
  });

  it('that the system does not know is refused', async () => {
    const { commit } = await desk();
    expect(await commit({ type: 'add', list: 'deny', entry: 'x' })).toMatchObject({ type: 'refused' });
  });

  it('an edit is not written where the journal cannot be written', async () => {
    const { commit, text, path } = await desk();
    await writeFile(join(dirname(path), 'state'), 'a file in the way');
    expect(await commit(add('c.example'))).toMatchObject({ type: 'failed', problem: { severity: 'error' } });
    expect(await text()).toBe(POLICY);
  });

  it('an edit of a missing file fails with a remedy', async () => {
    const { commit, path } = await desk();
    await rm(path);
    expect(await commit(add('c'))).toMatchObject({
      type: 'failed',
      problem: { remedy: 'check the path, or create the file first' },
    });
  });

  it('shown on another text than the one that stands there is not written but shown afresh', async () => {
    const { file, path, text, records } = await desk();
    const theirs = `${POLICY}# theirs\n`;
    await writeFile(path, theirs);
    const result = await file.commit([add('c.example')], revision(POLICY));
    expect(result).toMatchObject({
      type: 'conflict',
      revision: revision(theirs),
      preview: { type: 'edited' },
    });
    expect(await text()).toBe(theirs);
    expect(await records()).toEqual([]);
  });

  it('meets another program writing at the same moment, and neither is lost', async () => {
    const { commit, path, text } = await desk();
    const other = new Promise(done => execFile('sed', ['-i', 's/# head/# theirs/', path], done));
    const results = await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => commit(add(`host-${i}`))),
      other,
    ]);
    expect(results.slice(0, 10).map(result => (result as { type: string }).type)).toEqual(
      Array.from({ length: 10 }, () => 'written'),
    );
    expect((await text()).split('\n').filter(line => line.includes('host-'))).toHaveLength(10);
  });
});

describe('an edit that another program gets in the way of after it was journalled', () => {
  it('an edit that another program interrupts is withdrawn from the journal and made again', async () => {
    const { commit, path, journal, records, undo } = await desk();
    expect(await commit(add('first.example'))).toMatchObject({ type: 'written' });
    let meddled = 0;
    const watcher = watch(journal, () => {
      if (meddled < 1000)
        writeFileSync(path, readFileSync(path, 'utf8').replace(/# head.*/, `# head ${meddled++}`));
    });
    onTestFinished(() => watcher.close());
    let written = 1;
    await until(async () => {
      const result = await commit(add(`host-${written}.example`));
      if (result.type === 'written') written++;
      return readFileSync(journal, 'utf8').includes('"withdrawal"');
    });
    watcher.close();
    expect(await records()).toHaveLength(written);
    expect(await undo()).toMatchObject({ type: 'written' });
  });
});

describe('undo', () => {
  it.each([
    ['an addition', [add('c.example')]],
    ['a grant', [add('c.example', NOW + 60_000)]],
    ['a removal with its comment', [remove('a.example')]],
    ['the first entry of an empty list', [add('x', undefined, 'passthrough')]],
    ['removal of all', [remove('a.example'), remove('b.example')]],
    ['a move', [remove('a.example'), add('a.example', undefined, 'passthrough')]],
    ['another end', [add('a.example', NOW + 60_000)]],
  ])('undo of %s brings every byte back', async (_, edit) => {
    const { commit, undo, text } = await desk();
    expect(await commit(...edit)).toMatchObject({ type: 'written' });
    expect(await text()).not.toBe(POLICY);
    expect(await undo()).toMatchObject({ type: 'written', notes: [] });
    expect(await text()).toBe(POLICY);
  });

  it('walks back edit by edit, and then has nothing left', async () => {
    const { commit, undo, text, records } = await desk();
    const texts = [POLICY];
    for (const name of ['x', 'y', 'x.y']) {
      await commit(add(name));
      texts.push(await text());
    }
    for (const wanted of texts.slice(0, -1).reverse()) {
      expect(await undo()).toMatchObject({ type: 'written' });
      expect(await text()).toBe(wanted);
    }
    expect(await undo()).toEqual({ type: 'unchanged', why: 'nothing to undo', notes: [] });
    expect((await records()).map(({ edit }) => 'type' in edit)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('undo of an edit that was made again takes back the later one', async () => {
    const { commit, undo, text } = await desk();
    await commit(add('x'));
    await undo();
    await commit(add('x'));
    await undo();
    expect(await text()).toBe(POLICY);
    expect(await undo()).toEqual({ type: 'unchanged', why: 'nothing to undo', notes: [] });
  });

  it("undo edits today's file, and does not restore yesterday's", async () => {
    const { commit, undo, text, path } = await desk();
    await commit(add('c.example'));
    await writeFile(
      path,
      (await text()).replace('- c.example', '- c.example # mine').replace('# head', '# theirs'),
    );
    expect(await undo()).toMatchObject({ type: 'written' });
    expect(await text()).toBe(POLICY.replace('# head', '# theirs'));
  });

  it('undo does not confuse equal lines in another list with its own', async () => {
    const { commit, undo, text, path } = await desk('allow:\n  - a\n  - b\n  - c\n');
    await commit(add('x'));
    const theirs = 'passthrough:\n  - a\n  - b\n  - c\n  - x\nallow:\n  - x\n';
    await writeFile(path, theirs);
    await undo();
    expect(changedLines(theirs, await text())).toEqual(['-allow:', '-  - x', '+allow: []']);
  });

  it('gives a removed entry its end back where the lines around it have changed', async () => {
    const { commit, undo, text, path } = await desk();
    await commit(add('c.example', NOW + 3_600_000));
    await commit(remove('c.example'));
    await writeFile(path, 'allow: []\n');
    await undo();
    expect(await text()).toBe('allow:\n  - c.example  # egresstop: until 2026-11-20T18:00:00Z\n');
  });

  it('passes by an edit whose effect somebody else has removed, and says so', async () => {
    const { commit, undo, text, path } = await desk();
    await commit(add('x'));
    await commit(add('y.example'));
    await writeFile(path, (await text()).replace('  - y.example\n', ''));
    const result = await undo();
    expect(result).toMatchObject({ type: 'written', undoes: { edit: [add('x')] } });
    expect('notes' in result && result.notes).toEqual([
      'skipped allow +y.example of 2026-11-20T17:00:00.000Z: its effect is gone',
    ]);
    expect(await text()).toBe(POLICY);
  });

  it('takes back only what an edit really did', async () => {
    const { commit, undo, text } = await desk();
    await commit(add('a.example'), add('c.example'));
    await undo();
    expect(await text()).toBe(POLICY);
  });

  it('undo is refused while the policy does not parse', async () => {
    const { commit, undo, path } = await desk();
    await commit(add('x'));
    await writeFile(path, 'allow: [');
    expect(await undo()).toMatchObject({ type: 'refused' });
  });

  it("undo knows each file's edits apart", async () => {
    const { commit } = await desk();
    const other = await desk();
    await commit(add('x'));
    expect(await other.undo()).toEqual({ type: 'unchanged', why: 'nothing to undo', notes: [] });
  });

  it('undo of an edit in JSON brings every byte back', async () => {
    const before = '{\n  "allow": ["a.example",\n    "b.example"]\n}\n';
    const { commit, undo, text } = await desk(before, 'policy.json');
    await commit(add('x', NOW + 60_000), remove('a.example'), add('z', undefined, 'passthrough'));
    expect(await text()).toBe('{\n  "allow": ["b.example",\n    "x"],\n  "passthrough": ["z"]\n}\n');
    await undo();
    expect(await text()).toBe(before);
  });
});

it('a mode bit outlives edit and undo', async () => {
  const { commit, undo, path } = await desk();
  await chmod(path, 0o604);
  await commit(add('x'));
  await undo();
  expect((await stat(path)).mode & 0o777).toBe(0o604);
});
