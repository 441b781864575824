import { expect, it } from 'vitest';
import { linesOf, machine } from '../program.ts';

const RECORD = `${JSON.stringify({ ts: '2026-11-19T08:00:00Z', event: 'egress_allow', host: 'a.example' })}\n`;

/** A state directory in which a workspace has a log and nothing else. */
function workspace() {
  const here = machine();
  const log = here.write('sd/research/egress-access.jsonl', RECORD);
  return { ...here, log, stateDir: log.replace(/\/research\/.*$/, '') };
}

it.each([
  [['report', 'microagent:research']],
  [['report', 'microagent:research', '--since', '2020-01-01T00:00:00Z']],
  [['report']],
])('the agent of a workspace is its name without a state file beside the log: %s', async args => {
  const { run, stateDir } = workspace();
  const { stdout } = await run([...args, '--state-dir', stateDir, '--json']);
  const { agents } = JSON.parse(stdout) as { readonly agents: object };
  expect(JSON.stringify(agents)).toContain('"research"');
});

it('a filter by the agent of a workspace finds its records without a state file beside the log', async () => {
  const { run, stateDir } = workspace();
  const args = ['log', 'microagent:research', '--state-dir', stateDir, '--filter', 'agent:research'];
  expect(linesOf((await run(args)).stdout)).toHaveLength(1);
});

it('a log that was brought elsewhere does not take the name of its folder for an agent', async () => {
  const { run, log } = workspace();
  const { stdout } = await run(['report', log, '--json']);
  expect(stdout).not.toContain('"research"');
});
