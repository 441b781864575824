import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dialect, PolicyChange } from '../../src/core/policy/dialect.ts';
import { PolicyFile } from '../../src/policy-file/policy-file.ts';
import { aasmDialect } from '../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../src/systems/orcarouter/policy/dialect.ts';
import { zephDialect } from '../../src/systems/zeph/policy/dialect.ts';
import { changedLines } from './changed-lines.ts';
import { scratchFile } from './scratch.ts';

const ON: PolicyChange = { type: 'shadow', isOn: true };
const OFF: PolicyChange = { type: 'shadow', isOn: false };
const RULES = '"rules": [{ "verdict": "deny", "stage": "egress", "egress": { "deny": ["10.0.0.0/8"] } }]';

async function desk(text: string, dialect: Dialect = orcarouterDialect, name = 'firewall.json') {
  const path = await realpath(await scratchFile(text, name));
  let now = Date.parse('2026-11-20T17:00:00Z');
  const file = new PolicyFile({
    path,
    dialect,
    journal: join(dirname(path), 'state', 'journal.jsonl'),
    actor: 'ada@lab',
    now: () => (now += 1_000),
  });
  const verdict = async (): Promise<string | null> => {
    const parsed = dialect.parse(await readFile(path, 'utf8'), path);
    return parsed.type === 'valid' ? parsed.policy.judge({ host: '10.0.0.1', address: null }).verdict : null;
  };
  return { file, verdict, text: () => readFile(path, 'utf8') };
}

describe('shadow mode of a firewall policy', () => {
  it.each([
    [
      'a value that is written',
      `{\n  "shadow_mode": false, // not yet\n  ${RULES}\n}\n`,
      ['-  "shadow_mode": false, // not yet', '+  "shadow_mode": true, // not yet'],
    ],
    [
      'a key that is missing',
      `{\n  "name": "p",\n  ${RULES}\n}\n`,
      [`-  ${RULES}`, `+  ${RULES},`, '+  "shadow_mode": true'],
    ],
    [
      'a policy without any key before its rules',
      `{ ${RULES} }\n`,
      [`-{ ${RULES} }`, `+{ ${RULES}, "shadow_mode": true }`],
    ],
  ])(
    'switching it on changes %s and no other line, and undo brings the bytes back',
    async (_, text, lines) => {
      const { file, verdict, text: now } = await desk(text);
      expect(await verdict()).toBe('deny');
      const planned = await file.plan([ON]);
      expect(planned).toMatchObject({ type: 'planned', warnings: [{ severity: 'warning' }] });
      expect(await file.commit([ON])).toMatchObject({ type: 'written', record: { edit: [ON] } });
      expect([await verdict(), changedLines(text, await now())]).toEqual(['would-deny', lines]);
      expect(await file.undo()).toMatchObject({ type: 'written' });
      expect(await now()).toBe(text);
    },
  );

  it('switching it where it stands already changes nothing', async () => {
    const { file } = await desk(`{ "shadow_mode": true, ${RULES} }`);
    expect(await file.commit([ON])).toMatchObject({ type: 'unchanged', why: 'shadow mode is on already' });
  });

  it('one edit may switch it and change entries, and undo takes back both', async () => {
    const text = `{ "shadow_mode": true, ${RULES} }`;
    const { file, verdict, text: now } = await desk(text);
    await file.commit([OFF, { type: 'add', list: 'allow', entry: '10.0.0.1' }]);
    expect(await verdict()).toBe('allow');
    expect(await now()).toContain('"shadow_mode": false');
    await file.undo();
    expect(await now()).toBe(text);
  });

  it('undo after later edits switches it back and leaves those', async () => {
    const { file, text } = await desk(`{ "shadow_mode": false, ${RULES} }`);
    const switched = await file.commit([ON]);
    await file.commit([{ type: 'add', list: 'deny', entry: '172.16.0.0/12' }]);
    await file.undoRecord(switched.type === 'written' ? switched.record : { at: '', after: '' });
    expect(await text()).toMatch(/"shadow_mode": false.*172\.16/);
  });

  it('a draft that switches it twice saves nothing', async () => {
    const { file } = await desk(`{ "shadow_mode": false, ${RULES} }`);
    expect(await file.lay([[ON]])).toMatchObject({ type: 'laid', whole: [ON] });
    expect(await file.lay([[ON], [OFF]])).toMatchObject({ type: 'laid', whole: [] });
  });

  it('in a file with several policies the one that is named is switched, and undone alone', async () => {
    const two = `{ "policies": [\n  { "name": "a", "is_default": true, ${RULES} },\n  { "name": "b", ${RULES} }\n] }\n`;
    const { file, text } = await desk(two, orcarouterDialect.part?.('b') ?? orcarouterDialect);
    await file.commit([ON]);
    expect(changedLines(two, await text())).toEqual([
      `-  { "name": "b", ${RULES} }`,
      `+  { "name": "b", ${RULES}, "shadow_mode": true }`,
    ]);
    await file.undo();
    expect(await text()).toBe(two);
  });

  it.each([
    ['policy.yaml', microagentDialect, 'allow: []\n'],
    ['zeph.toml', zephDialect, '[tools.scrape]\nallowed_domains = []\n'],
    ['aasm.yaml', aasmDialect, 'network:\n  allowlist: []\n'],
  ])('%s has none, and the refusal says why', async (name, dialect, text) => {
    const { file, text: now } = await desk(text, dialect, name);
    expect(await file.commit([ON])).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('no shadow mode'),
    });
    expect(await now()).toBe(text);
  });
});
