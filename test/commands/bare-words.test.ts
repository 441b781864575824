import { describe, expect, it } from 'vitest';
import { machine } from './program.ts';

describe('a bare word that is neither a verb nor a file is wrong usage', () => {
  it.each([
    ['reprot', 'did you mean `report`?'],
    ['repotr', 'did you mean `report`?'],
    ['hlep', 'did you mean `help`?'],
    ['Simulat', 'did you mean `simulate`?'],
    ['polciy', 'did you mean `policy`?'],
    ['mediatr', 'did you mean `mediator`?'],
    ['lgo', 'did you mean `log`?'],
    ['zzzzzz', 'zzzzzz is no verb and no file (write ./zzzzzz'],
    ['micoragent:research', 'is no verb and no file'],
    ['foo bar', 'is no verb and no file'],
    ['', 'is no verb and no file'],
  ])('`egresstop %s` ends with exit 2 and says: %s', async (word, said) => {
    const { code, stdout, stderr } = await machine().run([word]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  it('no verb is meant by a word that stands behind a source', async () => {
    const here = machine();
    here.write('work/a.jsonl', '');
    const { code, stderr } = await here.run(['a.jsonl', 'reprot']);
    expect([code, stderr]).toEqual([2, expect.not.stringContaining('did you mean') as string]);
  });

  it.each([[['log', '-f', 'nosuch']], [['simulate', '--policy', 'p.yaml', '--against', 'nosuch', '--live']]])(
    'a missing file without an extension is not waited for by %j',
    async args => {
      const here = machine();
      here.write('work/p.yaml', 'allow: [a.example]\n');
      const { code, stdout, stderr } = await here.run(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('nosuch is no file (write ./nosuch to wait for a file of that name)');
    },
  );

  it('a file without an extension that is there is read', async () => {
    const here = machine();
    here.write('work/audit', '{"event":"egress_deny","host":"a.example","ts":"2026-11-19T09:00:01Z"}\n');
    const { code, stdout } = await here.run(['log', 'audit']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('a.example')]);
  });
});

describe('a workspace that is named', () => {
  const args = (...words: readonly string[]): readonly string[] => [...words, '--state-dir', '../sd'];

  it.each([
    [['log', 'microagent:reserach']],
    [['log', '-f', 'microagent:reserach']],
    [['report', '--json', 'microagent:reserach']],
    [['microagent:reserach']],
    [['simulate', '--policy', 'p.yaml', '--against', 'microagent:reserach']],
    [['simulate', '--policy', 'p.yaml', '--live', '--against', 'microagent:reserach']],
  ])('a wrong name of a workspace fails and lists the right ones: %j', async words => {
    const here = machine();
    here.write('work/p.yaml', 'allow: [a.example]\n');
    here.write('sd/research/event.json', '{"state":"running"}');
    here.write('sd/workspaces/builder/workspace.json', '{}');
    const { code, stdout, stderr } = await here.run(args(...words));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      'no workspace is called reserach: there are builder, research; did you mean research?',
    );
  });

  it('a named workspace fails where none exists', async () => {
    const { code, stderr } = await machine().run(args('log', 'microagent:research'));
    expect([code, stderr]).toEqual([
      1,
      'egresstop: no workspace is called research: there is none (check --state-dir)\n',
    ]);
  });

  it('a named workspace is followed if its folder is there', async () => {
    const here = machine();
    here.write('sd/research/event.json', '{"state":"halted"}');
    expect((await here.run(args('log', '-f', 'microagent:research'))).code).toBe(0);
  });

  it.each([
    [['log', 'research'], 1, 'research: error: does not exist, but microagent:research does'],
    [['report', 'research'], 1, 'research: error: does not exist, but microagent:research does'],
    [['log', '-f', 'research'], 2, 'research is no file: microagent:research exists'],
    [['research'], 2, 'research is no file: microagent:research exists'],
  ])('a bare name of a workspace leads to the workspace: %j', async (words, exit, said) => {
    const here = machine();
    here.write('sd/research/event.json', '{"state":"running"}');
    const { code, stderr } = await here.run(args(...words));
    expect([code, stderr]).toEqual([exit, expect.stringContaining(said) as string]);
  });
});
