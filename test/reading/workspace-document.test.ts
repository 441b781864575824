import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine, type Machine } from '../commands/program.ts';

/** Records that name no agent, one of them with an event name that only a workspace's own log proves. */
const LOGS: Readonly<Record<string, string>> = {
  research: readFileSync(fixturePath('microagent-egress.jsonl'), 'utf8').replaceAll('"runtime_id"', '"was"'),
  writer: [
    '{"event":"egress_allow","ts":"2026-11-19T09:00:01Z","host":"a.example","bytes":"12"}',
    '{"event":"egress_deny","ts":"2026-11-19T09:00:02Z","host":"b.example","reason":"no"}',
    '{"event":"loop_guard","ts":"2026-11-19T09:00:03Z","host":"b.example"}',
    '{"event":"egress_deny","host":"untimed.example"}\n',
  ].join('\n'),
};
const SPECS = Object.keys(LOGS).map(name => `microagent:${name}`);

function workspaces(): Machine {
  const here = machine();
  for (const [name, log] of Object.entries(LOGS)) {
    here.write(`sd/${name}/event.json`, '{"state":"running"}');
    here.write(`sd/${name}/egress-access.jsonl`, log);
  }
  return here;
}

async function reportOf(on: Machine, ...args: readonly string[]): Promise<object> {
  const { stdout } = await on.run(['report', '--json', ...args, '--state-dir', on.path('sd')]);
  const { problems: _, ...report } = JSON.parse(stdout) as Record<string, unknown>; // they name their file
  return report;
}

const printed = async (on: Machine, spec: string): Promise<string> =>
  (await on.run(['log', '--json', spec, '--state-dir', on.path('sd')])).stdout;

it.each(SPECS)('the document that log --json prints of %s gives the report of its logs', async spec => {
  const on = workspaces();
  const document = on.write('printed.json', await printed(on, spec));
  expect(await reportOf(on, document)).toEqual(await reportOf(on, spec));
  const since = ['--since', '2000-01-01T00:00:00Z']; // line by line, not by the bytes
  expect(await reportOf(on, document, ...since)).toEqual(await reportOf(on, spec, ...since));
});

it('documents one behind another give the report of all their logs, each with its own agent', async () => {
  const on = workspaces();
  const documents = await Promise.all(SPECS.map(spec => printed(on, spec)));
  const one = on.write('all.json', documents.join(''));
  const apart = documents.map((text, index) => on.write(`${index}.json`, text));
  expect(await reportOf(on, one)).toEqual(await reportOf(on, ...apart));
  expect((await reportOf(on, one)) as { agents: unknown }).toMatchObject({
    agents: [{ agent: 'research' }, { agent: 'writer', total: 3 }],
  });
  const { stdout } = await on.run(['log', '--json', one]);
  const agents = stdout.trimEnd().split('\n');
  expect(new Set(agents.map(line => (JSON.parse(line) as { agent: string }).agent))).toEqual(
    new Set(['research', 'writer']),
  );
});

it('a name that no workspace may have is no agent', async () => {
  const on = machine();
  const document = on.write(
    'x.json',
    '{"workspace":"../x","egress":[{"event":"egress_deny","host":"a.example"}]}',
  );
  expect(await reportOf(on, document)).toMatchObject({ agents: [{ agent: '-', total: 1 }] });
});
