import { describe, expect, it } from 'vitest';
import { machine } from '../program.ts';

/** Texts without a word of policy, by the format in which a reader takes them for one. */
const NOTHING: readonly (readonly [string, string])[] = [
  ['policy.json', '{}'],
  ['policy.json', ' {\n}\n'],
  ['policy.yaml', '---\n'],
  ['policy.yml', '# mine\n---\n{}\n'],
  ['policy.toml', ''],
  ['policy.toml', '\n# mine\n'],
];

describe('a policy file that says nothing', () => {
  it.each(NOTHING)(
    '%s with %j is nobody’s: no verb judges or edits it without --system',
    async (name, text) => {
      const here = machine();
      const file = here.write(name, text);
      for (const args of [
        ['check', file],
        ['explain', 'a.example', '--policy', file],
        ['allow', 'a.example', '--policy', file, '--yes'],
      ]) {
        const { code, stdout, stderr } = await here.run(['policy', ...args]);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(
          /holds nothing that tells its system \(name its system: --system \S+ or --system/,
        );
      }
    },
  );

  it.each([
    ['policy.json', '{}', 'microagent'],
    ['policy.toml', '', 'zeph'],
    ['policy.toml', '', 'codex'],
  ])('%s with %j is read as that of the system that is named: %s', async (name, text, system) => {
    const here = machine();
    const { code } = await here.run(['policy', 'check', here.write(name, text), '--system', system]);
    expect(code).toBe(0);
  });

  it.each([
    ['home/.codex/config.toml', ''],
    ['home/.claude/settings.json', '{}'],
    ['zeph.toml', ''],
    ['our-microagent.json', '{}'],
  ])('%s with %j is of the product that its place or name tells', async (name, text) => {
    const here = machine();
    const { code, stdout } = await here.run(['policy', 'check', here.write(name, text)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Policy is valid')]);
  });

  it.each([
    ['policy.json', '{"allow": []}'],
    ['policy.yaml', 'allow: []\n'],
    ['policy.toml', '[tools.scrape]\n'],
  ])('%s with %j tells its system by a key', async (name, text) => {
    const here = machine();
    expect((await here.run(['policy', 'check', here.write(name, text)])).code).toBe(0);
  });

  it('a long text of comments is read in a moment, however it ends', async () => {
    const here = machine();
    const file = here.write('policy.toml', `${'#'.repeat(100_000)}\n${'# #\n'.repeat(50_000)}x`);
    const started = performance.now();
    expect((await here.run(['policy', 'check', file])).code).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
