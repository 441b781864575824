import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntryChange } from '../../src/core/policy/dialect.ts';
import { EXPIRY_ACTOR } from '../../src/policy-file/expire.ts';
import { expiredGrants, nextExpiry } from '../../src/policy-file/grants.ts';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { scratchFile } from './scratch.ts';

const NOW = Date.parse('2026-11-20T17:00:00Z');
const HOUR = 3_600_000;

const add = (entry: string, until?: number): EntryChange =>
  until === undefined ? { type: 'add', list: 'allow', entry } : { type: 'add', list: 'allow', entry, until };

async function desk(text: string, name = 'policy.yaml') {
  const path = await realpath(await scratchFile(text, name));
  const journal = join(dirname(path), 'state', 'journal.jsonl');
  const fileAt = (now: number) =>
    new PolicyFile({ path, dialect: microagentDialect, journal, actor: 'ada@lab', now: () => now });
  return {
    path,
    commit: (...edit: readonly EntryChange[]) => fileAt(NOW).commit(edit),
    undo: (now = NOW) => fileAt(now).undo(),
    expire: (now: number) => fileAt(now).expire(),
    text: () => readFile(path, 'utf8'),
    grants: () => fileAt(NOW).grants(),
    records: () => readJournal(journal),
  };
}

describe('in YAML the comment behind an entry is its end', () => {
  const granted = 'allow:\n  - a\n  - b  # egresstop: until 2026-11-20T18:00:00Z\n';

  it('a grant in YAML ends without a journal, as after a crash or on another machine', async () => {
    const { grants, expire, text, records } = await desk(granted);
    expect(await grants()).toEqual([{ list: 'allow', entry: 'b', until: NOW + HOUR }]);
    expect(await expire(NOW + HOUR - 1)).toEqual({ type: 'unchanged', why: 'no grant is over', notes: [] });
    expect(await expire(NOW + HOUR)).toMatchObject({ type: 'written', record: { actor: EXPIRY_ACTOR } });
    expect(await text()).toBe('allow:\n  - a\n');
    expect(await records()).toMatchObject({ records: [{ actor: 'egresstop (expiry)' }] });
  });

  it('deleted by hand, the entry stays', async () => {
    const { commit, path, expire, grants } = await desk('allow:\n  - a\n');
    await commit(add('b', NOW + HOUR));
    await writeFile(path, 'allow:\n  - a\n  - b\n');
    expect(await grants()).toEqual([]);
    expect(await expire(NOW + 2 * HOUR)).toMatchObject({ type: 'unchanged' });
  });

  it('moved by hand, the entry ends then', async () => {
    const { path, grants } = await desk(granted);
    await writeFile(path, granted.replace('18:00', '19:30'));
    expect(await grants()).toMatchObject([{ until: NOW + 2.5 * HOUR }]);
  });

  it('an entry listed also without an end stays, one listed twice goes with its last end', async () => {
    const { expire, text } = await desk(
      'allow:\n  - a\n  - A.  # egresstop: until 2026-11-20T17:10:00Z\n  - c  # egresstop: until 2026-11-20T17:10:00Z\n  - C  # egresstop: until 2026-11-20T17:30:00Z\n',
    );
    expect(await expire(NOW + HOUR / 4)).toMatchObject({ type: 'unchanged' });
    await expire(NOW + HOUR / 2);
    expect(await text()).toBe('allow:\n  - a\n  - A.  # egresstop: until 2026-11-20T17:10:00Z\n');
  });

  it('all that is over goes in one edit, the rest stays', async () => {
    const { commit, expire, text, grants } = await desk('allow: [x]\n');
    await commit(add('a', NOW + 1), add('b', NOW + 2), add('c', NOW + 3));
    await expire(NOW + 2);
    expect(await grants()).toMatchObject([{ entry: 'c' }]);
    expect(await text()).toContain('[x,\n        c  # egresstop: until 2026-11-20T17:00:00.003Z\n]');
  });
});

describe('in JSON the journal alone knows the end', () => {
  const before = '{"allow": ["a"]}\n';

  it('a grant in JSON is removed when it is over, also after a crash', async () => {
    const { commit, expire, grants, text } = await desk(before, 'policy.json');
    await commit(add('b', NOW + HOUR));
    expect(await text()).toBe('{"allow": ["a", "b"]}\n');
    expect(await grants()).toEqual([{ list: 'allow', entry: 'b', until: NOW + HOUR }]);
    await expire(NOW + HOUR);
    expect(await text()).toBe(before);
    expect(await grants()).toEqual([]);
  });

  it('which counts only while the entry is in the file', async () => {
    const { commit, path, grants, expire } = await desk(before, 'policy.json');
    await commit(add('b', NOW + HOUR));
    await writeFile(path, before);
    expect(await grants()).toEqual([]);
    expect(await expire(NOW + HOUR)).toMatchObject({ type: 'unchanged' });
  });

  it('until a later edit adds the entry without one: the file stays, the journal tells', async () => {
    const { commit, grants, text, undo } = await desk(before, 'policy.json');
    await commit(add('b', NOW + HOUR));
    const granted = await text();
    expect(await commit(add('b'))).toMatchObject({ type: 'written', diff: '' });
    expect(await text()).toBe(granted);
    expect(await grants()).toEqual([]);
    await undo();
    expect(await grants()).toMatchObject([{ until: NOW + HOUR }]);
    await undo();
    expect(await text()).toBe(before);
  });

  it('given to an entry that stands there, undo lets it stay again', async () => {
    const { commit, grants, text, undo } = await desk(before, 'policy.json');
    await commit(add('a', NOW + HOUR));
    expect(await grants()).toMatchObject([{ entry: 'a', until: NOW + HOUR }]);
    await undo();
    expect(await grants()).toEqual([]);
    expect(await text()).toBe(before);
  });

  it('an undone removal gets its end back', async () => {
    const { commit, grants, undo } = await desk(before, 'policy.json');
    await commit(add('b', NOW + HOUR));
    await commit({ type: 'remove', list: 'allow', entry: 'B.' });
    expect(await grants()).toEqual([]);
    await undo();
    expect(await grants()).toMatchObject([{ entry: 'b', until: NOW + HOUR }]);
  });
});

describe('undo and what is over', () => {
  it('passes the expiry by, and the grant that expired', async () => {
    const { commit, expire, undo } = await desk('allow:\n  - a\n');
    await commit(add('b', NOW + 1));
    await expire(NOW + 1);
    expect(await undo(NOW + 2)).toMatchObject({
      type: 'unchanged',
      notes: [expect.stringContaining('allow +b')],
    });
  });

  it('brings no grant back that is over by then', async () => {
    const { commit, undo } = await desk('allow:\n  - a\n');
    await commit(add('b', NOW + 1));
    await commit({ type: 'remove', list: 'allow', entry: 'b' });
    expect(await undo(NOW + 2)).toMatchObject({ type: 'unchanged' });
  });
});

describe('the next expiry', () => {
  const grant = (until: number) => ({ list: 'allow', entry: 'x', until }) as const;
  it('the next expiry is the earliest end, as an instant', () => {
    expect(nextExpiry([grant(3), grant(2)])).toBe(2);
    expect(nextExpiry([])).toBe(null);
    expect(expiredGrants([grant(3), grant(2)], 2)).toEqual([grant(2)]);
  });
});
