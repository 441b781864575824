import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine, type Machine } from '../program.ts';

const LOG = ['docs.rs', 'docs.rs', 'static.crates.io']
  .map((host, second) => ({ ts: `2026-11-19T08:00:0${second}Z`, event: 'egress_allow', host, port: 443 }))
  .map(record => `${JSON.stringify({ mediator: 'egresstop', agent: 'claude', ...record })}\n`)
  .join('');

function withLog(): { here: Machine; log: string; settings: string } {
  const here = machine();
  return { here, log: here.write('audit.jsonl', LOG), settings: here.path('home/.claude/settings.json') };
}

it('suggest shows a missing settings file as a new one, and writes it with its folder', async () => {
  const { here, log, settings } = withLog();
  const suggest = ['policy', 'suggest', '--policy', settings, '--against', log];
  const shown = await here.run(suggest);
  expect(shown.stdout).toContain(`--- /dev/null\n+++ ${settings}\n`);
  expect(existsSync(here.path('home/.claude'))).toBe(false);
  const written = await here.run([...suggest, '--write']);
  expect([written.code, written.stderr]).toEqual([0, expect.stringContaining(`created ${settings}`)]);
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({
    sandbox: { network: { allowedDomains: ['docs.rs', 'static.crates.io'] } },
  });
  expect(statSync(here.path('home/.claude')).mode & 0o777).toBe(0o700);
});

it('policy allow makes the folder of Claude Code’s and Codex’s settings with the first entry, and undo removes the file', async () => {
  const { here } = withLog();
  for (const name of ['home/.claude/settings.json', 'home/.codex/config.toml']) {
    const policy = here.path(name);
    expect((await here.run(['policy', 'allow', 'docs.rs', '--policy', policy])).code).toBe(0);
    expect(readFileSync(policy, 'utf8')).toContain('docs.rs');
    expect((await here.run(['policy', 'undo', '--policy', policy])).code).toBe(0);
    expect(existsSync(policy)).toBe(false);
  }
});

it.each([
  ['a dry run', ['allow', 'docs.rs', '--dry-run'], 0],
  ['a list that the product does not have', ['passthrough', 'docs.rs', '--yes'], 1],
  ['a removal', ['remove', 'docs.rs'], 1],
])('%s makes no folder', async (_, args, code) => {
  const { here, settings } = withLog();
  const run = await here.run(['policy', ...args, '--policy', settings]);
  expect([run.code, existsSync(here.path('home/.claude'))]).toEqual([code, false]);
});

it.each([
  ['a folder of another name', 'home/none/settings.json'],
  ['a folder in a missing folder', 'home/none/.claude/settings.json'],
])('%s is not made, and the failure says how to make it', async (_, name) => {
  const { here } = withLog();
  const policy = ['--policy', here.path(name), '--system', 'claude-code'];
  const { code, stderr } = await here.run(['policy', 'allow', 'docs.rs', ...policy]);
  expect([code, existsSync(here.path('home/none'))]).toEqual([1, false]);
  expect(stderr).toMatch(/folder does not exist|does not exist/);
});
