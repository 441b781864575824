import { describe, expect, it } from 'vitest';
import { jsonFailure, ofBug } from '../../src/commands/json-failure.ts';
import { machine } from './program.ts';

/** A command line that fails, its exit code, the code in its error, and a part of the message. */
const FAILURES: readonly (readonly [string, number, string, string])[] = [
  ['report --json --nonsense', 2, 'usage', "unknown option '--nonsense'"],
  ['report --json --csv a.jsonl', 2, 'usage', 'one of --json, --csv'],
  ['report --json --since never a.jsonl', 2, 'usage', '--since wants'],
  ['report --json --system nosuch a.jsonl', 2, 'usage', 'no such system: nosuch'],
  ['report --json --filter colour:red a.jsonl', 2, 'usage', 'no such key'],
  ['report --json ./none.jsonl', 1, 'unreadable-source', 'none.jsonl: error: does not exist'],
  ['report --json microagent:typo', 1, 'unreadable-source', 'no workspace is called typo'],
  ['log --json ./none.jsonl', 1, 'unreadable-source', 'does not exist'],
  ['log --json -f nosuch', 2, 'usage', 'nosuch is no file'],
  ['log --json broken.jsonl', 1, 'unreadable-source', 'not one line could be read'],
  ['log --json --filter status:x a.jsonl', 2, 'usage', 'status'],
  ['reprot --json', 2, 'usage', 'did you mean `report`?'],
  ['simulate --json --against a.jsonl', 2, 'usage', '--policy FILE is missing'],
  ['simulate --json --policy ./none.yaml --against a.jsonl', 1, 'unreadable-policy', 'failed to load policy'],
  ['simulate --json --policy bad.yaml --against a.jsonl', 1, 'invalid-policy', 'failed to load policy'],
  ['simulate --json --policy p.yaml --against ./none.jsonl', 1, 'unreadable-source', 'failed to read'],
  ['policy explain a.example --json --policy bad.yaml', 1, 'invalid-policy', 'does not parse'],
  ['policy explain a.example --json --policy ./none.yaml', 1, 'unreadable-policy', 'does not exist'],
  ['policy explain --json --policy p.yaml', 2, 'usage', "missing required argument 'destination'"],
  ['policy explain a.example --json --policy p.yaml --mode soft', 2, 'usage', '--mode'],
  ['policy suggest --json --policy p.yaml --against ./none.jsonl', 1, 'unreadable-source', 'does not exist'],
  ['policy suggest --json --policy bad.yaml --against a.jsonl', 1, 'invalid-policy', 'does not parse'],
  ['policy log --json --policy', 2, 'usage', 'argument missing'],
  ['policy undo --json', 2, 'usage', 'required option'],
];

describe('with --json a failure is one JSON object on stderr', () => {
  it.each(FAILURES)(
    '`egresstop %s` prints nothing else, with exit %i and code %s',
    async (line, exit, code, said) => {
      const here = machine();
      here.write('work/a.jsonl', '{"event":"egress_deny","host":"a.example","ts":"2026-11-19T09:00:01Z"}\n');
      here.write('work/broken.jsonl', 'nonsense\n');
      here.write('work/p.yaml', 'allow:\n  - a.example\n');
      here.write('work/bad.yaml', 'allow: [a.example\n');
      const run = await here.run(line.split(' '));
      expect([run.code, run.stdout]).toEqual([exit, '']);
      const { error } = JSON.parse(run.stderr) as { readonly error: Readonly<Record<string, string>> };
      expect(Object.keys(error)).toEqual(['code', 'message', 'remedy']);
      expect([error['code'], error['message']]).toEqual([code, expect.stringContaining(said) as string]);
      const parts = (error['message'] ?? '').replace(` (${error['remedy']})`, '').split('; ');
      expect(parts).toEqual([...new Set(parts)]);
    },
  );

  it('notes of a command that succeeds are told as text', async () => {
    const here = machine();
    here.write('work/a.jsonl', '{"event":"egress_deny","host":"a.example","ts":"2026-11-19T09:00:01Z"}\n');
    const run = await here.run(['report', '--json', 'a.jsonl', './none.jsonl']);
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('egresstop: ./none.jsonl: error:')]);
    expect(JSON.parse(run.stdout)).toMatchObject({ events: 1 });
  });

  it('the --json of another program makes no JSON of a failure', async () => {
    const { code, stderr } = await machine().run(['run', '--mode', 'soft', '--', 'x', '--json']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: /)]);
  });

  it('a bug is told as one object with its stack', () => {
    const told = jsonFailure(ofBug(new TypeError('no such thing')));
    expect(told.endsWith('}\n')).toBe(true);
    expect(JSON.parse(told)).toMatchObject({
      error: { code: 'bug', message: expect.stringMatching(/TypeError: no such thing\n\s+at /) as string },
    });
  });
});
