import { appendFile, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dialect, EntryChange } from '../../../src/core/policy/dialect.ts';
import { PolicyFile } from '../../../src/policy-file/policy-file.ts';
import { aasmDialect } from '../../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../../src/systems/orcarouter/policy/dialect.ts';
import { zephDialect } from '../../../src/systems/zeph/policy/dialect.ts';
import { scratchFile } from '../scratch.ts';

const NOW = Date.parse('2026-11-20T17:00:00Z');
const HOUR = 3_600_000;

async function desk(text: string, name: string, dialect: Dialect) {
  const path = await realpath(await scratchFile(text, name));
  let now = NOW;
  const journal = join(dirname(path), 'state', 'journal.jsonl');
  const file = new PolicyFile({ path, dialect, journal, actor: 'ada@lab', now: () => (now += 1_000) });
  const commit = async (change: EntryChange) => {
    const result = await file.commit([change]);
    if (result.type !== 'written') throw new Error(JSON.stringify(result));
    return result.record;
  };
  return {
    path,
    allow: (entry: string, until?: number) =>
      commit({ type: 'add', list: 'allow', entry, ...(until === undefined ? {} : { until }) }),
    remove: (entry: string) => commit({ type: 'remove', list: 'allow', entry }),
    undo: () => file.undo(),
    undoOne: (of: Awaited<ReturnType<typeof commit>>) => file.undoRecord(of),
    expire: () => {
      now = NOW + 2 * HOUR;
      return file.expire();
    },
    text: () => readFile(path, 'utf8'),
  };
}

/** Policies without the list, or without the section that holds it. */
const WITHOUT_LIST = [
  ['policy.yaml', 'version: "1"\n', aasmDialect],
  ['envelope.yaml', 'kind: Policy\nspec:\n  budget:\n    daily_limit_usd: 5\n', aasmDialect],
  ['bare.yaml', 'version: "1"\nnetwork: {}\n', aasmDialect],
  ['zeph.toml', '[agent]\nname = "x"\n', zephDialect],
  ['tools.toml', '[tools.scrape]\nenabled = true\n', zephDialect],
  ['passed.yaml', 'passthrough:\n  - x.example\n', microagentDialect],
  ['empty.json', '{}', microagentDialect],
] as const;

describe.each(WITHOUT_LIST)('%s without the list', (name, before, dialect) => {
  it('undoing the first entry brings every byte back, also after a second entry', async () => {
    const { allow, undo, undoOne, text } = await desk(before, name, dialect);
    const first = await allow('one.example');
    await allow('two.example');
    await undoOne(first);
    expect(await text()).not.toContain('one.example');
    await undo();
    expect(await text()).toBe(before);
  });

  it('the end of a grant that was the first entry brings every byte back', async () => {
    const { allow, expire, text } = await desk(before, name, dialect);
    await allow('one.example', NOW + HOUR);
    expect(await expire()).toMatchObject({ type: 'written' });
    expect(await text()).toBe(before);
  });
});

it.each([
  ['beside it', '# by hand\n', 'version: "1"\n# by hand\n'],
  ['in it', '    - two.example\n', 'version: "1"\nnetwork:\n  allowlist:\n    - two.example\n'],
])('when a grant is over, what another program wrote %s since stays', async (_, added, left) => {
  const { path, allow, expire, text } = await desk('version: "1"\n', 'policy.yaml', aasmDialect);
  await allow('one.example', NOW + HOUR);
  await appendFile(path, added);
  await expire();
  expect(await text()).toBe(left);
});

it('a list that was emptied on purpose is not taken away with a later entry', async () => {
  const { allow, remove, undoOne, text } = await desk('version: "1"\n', 'policy.yaml', aasmDialect);
  await allow('one.example');
  await remove('one.example');
  const [two] = [await allow('two.example'), await allow('three.example')];
  await undoOne(two);
  await remove('three.example');
  expect(await text()).toBe('version: "1"\nnetwork:\n  allowlist: []\n');
});

it('a grant’s end in one policy of a file leaves the edits of another alone', async () => {
  const policies = ['a', 'b'].map(name => ({ name, default_verdict: 'deny', rules: [] }));
  const part = (name: string): Dialect => orcarouterDialect.part?.(name) ?? orcarouterDialect;
  const first = await desk(JSON.stringify({ policies }, null, 2), 'policies.json', part('a'));
  await first.allow('one.example', NOW + HOUR);
  const { path } = first;
  const second = new PolicyFile({
    path,
    dialect: part('b'),
    journal: join(dirname(path), 'state', 'journal.jsonl'),
    actor: 'ada@lab',
    now: () => NOW + 60_000,
  });
  await second.commit([{ type: 'add', list: 'allow', entry: 'other.example' }]);
  await first.expire();
  const text = await first.text();
  expect([text.includes('one.example'), text.includes('other.example')]).toEqual([false, true]);
});
