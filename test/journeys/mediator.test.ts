import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { ask, machine } from './mediator-machine.ts';

// Its socket and its log both tell of it; the header has one name for it.
const ACKNOWLEDGED = /acknowledged by 127\.0\.0\.1/;

describe('a mediator that runs', () => {
  it('a running mediator is found with its policy; an edit is acknowledged, enforced and confirmed, and each attempt counts once', async () => {
    await using world = await machine();
    const { port } = await world.mediator();
    await using terminal = world.program();
    await terminal.waitFor('in force at 127.0.0.1');
    expect(await ask(port)).toBe(403);
    await terminal.waitFor('1 decision  0 allow  1 deny');
    await terminal.waitFor(/api\.test +deny/);
    terminal.press('a');
    await terminal.waitFor('api.test deny→allow');
    terminal.press('enter');
    await terminal.waitFor(ACKNOWLEDGED);
    expect(readFileSync(world.policyPath, 'utf8')).toBe('allow:\n  - docs.test\n  - api.test\n');
    expect(await ask(port)).toBe(200);
    await terminal.waitFor('confirmed by a decision on api.test');
    await terminal.waitFor('2 decisions  1 allow  1 deny');
    terminal.press('enter');
    await terminal.waitFor(/duration +p50/);
    terminal.press('u');
    await terminal.waitFor('Enter writes this');
    terminal.press('enter');
    await until(() => !readFileSync(world.policyPath, 'utf8').includes('api.test'));
    await terminal.waitFor(ACKNOWLEDGED);
    expect(await ask(port)).toBe(403);
    await terminal.waitFor('3 decisions  1 allow  2 deny');
    terminal.type('J');
    await terminal.waitFor(/✓ ack +undo +undo: allow -api\.test/);
    await terminal.waitFor(/✓ ack +undone +allow \+api\.test/);
  });

  it('the screen says when a mediator was killed and when it is back', async () => {
    await using world = await machine();
    const first = await world.mediator();
    await using terminal = world.program();
    await terminal.waitFor('in force at 127.0.0.1');
    expect(await ask(first.port)).toBe(403);
    await terminal.waitFor('1 decision');
    first.child.kill('SIGKILL');
    await terminal.waitFor('mediator gone');
    const second = await world.mediator();
    await terminal.waitFor('mediator back');
    expect(await ask(second.port)).toBe(403);
    await terminal.waitFor('2 decisions');
  });
});

describe('nothing to watch', () => {
  it('starts a mediator, shows the line to paste, and ends it with the dashboard', async () => {
    await using world = await machine();
    await using terminal = world.program();
    await terminal.waitFor('egresstop started its own mediator (guarded) on 127.0.0.1:');
    await terminal.waitFor('eval "$(egresstop env)"');
    const port = Number(/on 127\.0\.0\.1:(\d+)/.exec(terminal.text())?.[1]);
    expect(await ask(port)).toBeGreaterThanOrEqual(400);
    await terminal.waitFor('1 decision');
    terminal.press('q');
    await terminal.waitForExit();
    await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  });
});
