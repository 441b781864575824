import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../terminal/terminal.ts';
import { allowed, denial, fixture, PROGRAM } from './dashboard.ts';
import { ask, machine } from './mediator-machine.ts';

const lineOf = (record: object): string => `${JSON.stringify({ ts: new Date().toISOString(), ...record })}\n`;

/** `simulate --live` in a pty, on a log that already holds a long day, under a policy that allows docs.rs. */
function openLive(...flags: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), 'journey-'));
  writeFileSync(join(home, 'audit.jsonl'), fixture('microagent-egress.jsonl'));
  writeFileSync(join(home, 'policy.yaml'), 'allow: [docs.rs]\n');
  const args = ['simulate', '--policy', 'policy.yaml', '--live', '--against', 'audit.jsonl', ...flags];
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, ...args],
    cwd: home,
    env: { HOME: home },
    columns: 100,
    rows: 30,
  });
  return {
    terminal,
    write: (...records: readonly object[]) =>
      appendFileSync(join(home, 'audit.jsonl'), records.map(lineOf).join('')),
    [Symbol.asyncDispose]: async () => {
      await terminal.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

describe('a live simulation of a growing log', () => {
  it('rules on what arrives and on nothing older, shows how far it got, and reports at once on Ctrl-C', async () => {
    await using live = openLive('--duration', '1h');
    const { terminal } = live;
    await terminal.waitFor('egresstop: 0 s of 3600 s, 0 event(s), 0 denied (Ctrl-C reports now)');
    live.write(allowed('docs.rs'), allowed('evil.example'), { event: 'egress_listen' });
    await terminal.waitFor('2 event(s), 1 denied');
    live.write(denial('docs.rs'));
    await terminal.waitFor('3 event(s), 1 denied');
    terminal.press('ctrl-c');
    expect(await terminal.waitForExit()).toMatchObject({ code: 1 });
    expect(terminal.text()).toContain('note: 2 of 3 event(s) were decided differently at the time:');
    expect(terminal.text()).toContain(`Simulation Report
--------------------------------------------------
Total events:       3
Allowed:            2
Denied:             1
Approval required:  0

EVENT#   ACTION               DECISION     REASON
----------------------------------------------------------------------
1        net:CONNECT:evil.example:443 deny         not allowlisted
`);
    expect(terminal.text()).not.toContain('Ctrl-C reports now');
  });

  it('ends by itself when its time is over', async () => {
    await using live = openLive('--duration', '1s');
    expect(await live.terminal.waitForExit()).toMatchObject({ code: 0 });
    expect(live.terminal.text()).toContain('note: no events: nothing was ruled on');
    expect(live.terminal.text()).toContain('Total events:       0');
  });

  it('goes on with the others where one log never came', async () => {
    await using live = openLive('none.jsonl', '--duration', '1h');
    await live.terminal.waitFor('none.jsonl: not there yet');
    await live.terminal.waitFor('0 event(s), 0 denied');
    live.write(allowed('docs.rs'));
    await live.terminal.waitFor('1 event(s), 0 denied');
    live.terminal.press('ctrl-c');
    expect(await live.terminal.waitForExit()).toMatchObject({ code: 0 });
  });
});

describe('a live simulation of the mediator that runs', () => {
  it.each([
    ['discovered, its log and its socket', []],
    ['by its socket alone', ['--against', 'unix:run/egresstop/mediator.sock']],
  ])('%s: each decision counts once, and none from before', async (_, flags) => {
    await using world = await machine();
    const { port } = await world.mediator();
    expect(await ask(port)).toBe(403);
    writeFileSync(join(world.home, 'draft.yaml'), 'allow: [api.test]\n');
    const args = ['simulate', '--policy', 'draft.yaml', '--live', '--duration', '1h', '--changes', ...flags];
    await using terminal = world.program(args);
    await terminal.waitFor('0 event(s), 0 denied');
    expect(await ask(port)).toBe(403);
    expect(await ask(port)).toBe(403);
    await terminal.waitFor('2 event(s), 0 denied');
    terminal.press('ctrl-c');
    expect(await terminal.waitForExit()).toMatchObject({ code: 0 });
    expect(terminal.text()).toContain('Total events:       2');
    expect(terminal.text()).toMatch(/api\.test +deny +allow +2 +not allowlisted +allowlisted/);
  });
});
