import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readJournal } from '../../src/policy-file/journal/journal.ts';
import { revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { denial, openDashboard } from '../journeys/dashboard.ts';
import { until } from '../until.ts';
import { scaled } from './scale.ts';

const KILLS = scaled(50, 8);
/** Writes a round before the kill comes: a thousand in all. */
const WRITES = 20;

it('a dashboard killed in the middle of its writes leaves the old file or the new one, and a journal that agrees', async () => {
  for (let round = 0; round < KILLS; round++) {
    const hosts = Array.from({ length: WRITES + 1 }, (_, i) => `h${i}.round-${round}.example`);
    await using dashboard = openDashboard({ log: '' });
    const { terminal, policy, policyPath } = dashboard;
    const seen = new Set([policy()]);
    dashboard.write(...hosts.map(host => denial(host)));
    await terminal.waitFor(`h0.round-${round}.example`);
    terminal.press('2');
    for (let i = 0; i < WRITES; i++) {
      const before = policy();
      terminal.press('a');
      await terminal.waitFor('Enter writes this');
      if (i === WRITES - 1) break;
      terminal.press('enter');
      await until(() => policy() !== before, { deadlineMs: 10_000, describe: () => terminal.text() });
      seen.add(policy());
      await terminal.waitFor(rows => !rows.some(row => row.includes('@@')));
      await terminal.waitFor(`2 Denied (${WRITES - i})`); // the host is handled, and its row is below the others
      terminal.press('g');
    }
    const before = policy();
    terminal.press('enter');
    await pause((round * 7) % 40); // another moment of the write each round
    terminal.kill('SIGKILL');
    await terminal.waitForExit();
    const after = policy();
    expect(microagentDialect.parse(after, policyPath).type).toBe('valid');
    const journal = await readJournal(join(dashboard.home, 'state', 'egresstop', 'journal.jsonl'));
    const records = journal.type === 'read' ? journal.records : [];
    const isKnown = records.some(record => record.after === revision(after)) || seen.has(after);
    expect([round, isKnown, linesAdded(before, after)]).toEqual([round, true, after === before ? 0 : 1]);
    const leftovers = readdirSync(dirname(policyPath)).filter(name => name.includes('policy'));
    expect(leftovers.length).toBeLessThanOrEqual(3); // the file, and at most a lock and a temporary file of the dead
  }
});

/** How many lines came; none may have gone or changed. */
function linesAdded(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')];
  expect(now.filter(line => old.includes(line))).toEqual(old);
  return now.length - old.length;
}
