import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ask, machine } from './mediator-machine.ts';

/** Programs start one after the other; on a busy machine each takes many seconds. */
vi.setConfig({ testTimeout: 120_000 });

const OPEN = /▌1 tester\/fetch api\.test:80 .*1 waiting/;
/** Longer than a key counts as under way when a question comes up. */
const GUARD_MS = 350;

describe('egresstop demo --ask', () => {
  it('the demo asks about hosts that nothing lists, and marks the look-alike', async () => {
    await using world = await machine('ask');
    await using terminal = world.program(['demo', '--ask']);
    await terminal.waitFor('looks like models.example', { deadlineMs: 60_000 });
    await terminal.waitFor('pending');
  });
});

describe('a mediator that asks', () => {
  it('every answer is one key: once, passthrough, deny, 10 minutes, this run, always; x takes a rule back', async () => {
    await using world = await machine('ask');
    const { port } = await world.mediator();
    await using terminal = world.program();
    await terminal.waitFor(/in force at 127\.0\.0\.1:\d+ ask/);
    const answered = async (key: string): Promise<number> => {
      const status = ask(port);
      await terminal.waitFor(OPEN);
      const seenAt = performance.now();
      await terminal.waitFor(() => performance.now() > seenAt + GUARD_MS);
      terminal.type(key);
      return status;
    };
    const takenBack = async (): Promise<void> => {
      terminal.type('6');
      await terminal.waitFor(/in memory/);
      terminal.type('gx');
      await terminal.waitFor(rows => !rows.some(row => row.includes('in memory')));
    };
    expect(await answered('o')).toBe(200);
    expect(await answered('p')).toBe(200);
    expect(await answered('n')).toBe(403);
    for (const [key, status] of [
      ['t', 200],
      ['N', 403],
      ['r', 200],
    ] as const) {
      expect(await answered(key)).toBe(status);
      expect(await ask(port)).toBe(status); // by the rule, unasked
      await takenBack();
    }
    const status = ask(port);
    await terminal.waitFor(OPEN);
    const seenAt = performance.now();
    await terminal.waitFor(() => performance.now() > seenAt + GUARD_MS);
    terminal.type('a');
    await terminal.waitFor('Always allow api.test:80');
    await terminal.waitFor('+  - api.test');
    terminal.press('enter');
    expect(await status).toBe(200);
    expect(readFileSync(world.policyPath, 'utf8')).toBe('allow:\n  - docs.test\n  - api.test\n');
    await terminal.waitFor(/confirmed by a decision on api\.test/);
  });

  it('the first of two dashboards answers, the other says whose it was, and killed ones leave nobody to ask', async () => {
    await using world = await machine('ask');
    const { port } = await world.mediator();
    await using one = world.program();
    await using other = world.program();
    for (const terminal of [one, other]) await terminal.waitFor(/in force at 127\.0\.0\.1:\d+ ask/);
    const first = ask(port);
    for (const terminal of [one, other]) await terminal.waitFor(OPEN);
    const seenAt = performance.now();
    await one.waitFor(() => performance.now() > seenAt + GUARD_MS);
    one.type('N');
    expect(await first).toBe(403);
    for (const terminal of [one, other]) await terminal.waitFor(/deny run by \w+/);
    await other.waitFor(rows => !rows.some(row => row.includes(' ASK ')));
    one.type('6');
    await one.waitFor(/in memory/);
    one.type('gx');
    await one.waitFor('rule taken back');
    const second = ask(port);
    await one.waitFor(OPEN);
    for (const { pid } of [one, other]) process.kill(pid, 'SIGKILL');
    expect(await second).toBe(403);
  });
});
