import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sandboxRuntime } from '../../../src/systems/sandbox-runtime/index.ts';
import { blankEvent } from '../../../src/core/event.ts';
import { fixturePath, machine, type Machine } from '../program.ts';

/** Requests as egresstop's own mediator records them. */
const record = (event: 'egress_allow' | 'egress_deny', host: string, second: number): string =>
  `${JSON.stringify({
    ts: `2026-11-19T08:00:${String(second).padStart(2, '0')}Z`,
    event,
    mediator: 'egresstop',
    host,
    port: 443,
    method: 'CONNECT',
    ...(event === 'egress_deny' ? { reason: 'not allowlisted' } : {}),
  })}\n`;

/** A machine with the sample settings at home, and an audit log of egresstop's mediator. */
function withSettings(): Machine {
  const here = machine();
  here.write('home/.srt-settings.json', readFileSync(fixturePath('sandbox-runtime.json')));
  here.write(
    'work/audit.jsonl',
    [
      record('egress_allow', 'docs.rs', 1),
      record('egress_allow', 'docs.rs', 2),
      record('egress_allow', 'api.github.com', 3),
      record('egress_deny', 'evil.example', 4),
    ].join(''),
  );
  return here;
}

const settingsOf = (here: Machine): string => readFileSync(here.path('home/.srt-settings.json'), 'utf8');

it('the settings of sandbox-runtime at home are discovered by check and explain', async () => {
  const here = withSettings();
  const checked = await here.run(['policy', 'check']);
  expect(checked).toMatchObject({
    code: 0,
    stderr: `egresstop: policy: ${here.path('home/.srt-settings.json')}\n`,
  });
  expect(checked.stdout).toContain('Policy is valid');
  const explained = await here.run(['policy', 'explain', 'gist.github.com:443']);
  expect(explained.stdout).toContain('gist.github.com: deny, in network.deniedDomains: gist.github.com');
  expect(explained.stdout).toContain('by gist.github.com in deny, line 12');
});

it('suggest reads the settings against the log of a mediator, and --write writes only what it let through', async () => {
  const here = withSettings();
  const verb = ['policy', 'suggest', '--against', 'audit.jsonl'];
  const shown = await here.run(verb);
  expect(shown.stdout).toContain('+      "docs.rs"');
  expect(shown.stdout).not.toMatch(/^\+.*evil\.example/m);
  const written = await here.run([...verb, '--write']);
  expect(written.stderr).toContain('saved ');
  expect(written.stderr).toContain('in force at the next start');
  expect(JSON.parse(settingsOf(here))).toMatchObject({
    network: { allowedDomains: expect.arrayContaining(['docs.rs']) },
  });
});

it('allow, remove and undo of an entry give the old bytes back', async () => {
  const here = withSettings();
  const before = settingsOf(here);
  const of = ['--policy', here.path('home/.srt-settings.json')];
  expect((await here.run(['policy', 'allow', '*.docs.rs', ...of])).code).toBe(0);
  expect(settingsOf(here)).toContain('"*.docs.rs"');
  expect((await here.run(['policy', 'undo', ...of])).code).toBe(0);
  expect(settingsOf(here)).toBe(before);
  expect((await here.run(['policy', 'remove', 'github.com', ...of])).code).toBe(0);
  expect(settingsOf(here)).not.toContain('      "github.com"');
});

it('simulate rules on the log of a mediator by the settings', async () => {
  const here = withSettings();
  const of = ['--policy', here.path('home/.srt-settings.json'), '--against', 'audit.jsonl', '--json'];
  const { stdout } = await here.run(['simulate', ...of]);
  expect(JSON.parse(stdout)).toMatchObject({ allowed: 1, denied: 3 });
});

it('an edit is proven only by a request that the own mediator let through', () => {
  const of = (system: string, verdict: 'allow' | 'deny') => ({
    ...blankEvent({ system, source: 'a', kind: 'request', raw: {} }),
    verdict,
  });
  const { provenBy } = sandboxRuntime.activation;
  expect(
    [of('egresstop', 'allow'), of('egresstop', 'deny'), of('microagent', 'allow')].map(event =>
      provenBy?.(event),
    ),
  ).toEqual([true, false, false]);
});
