import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import { expect, it } from 'vitest';
import { watchedBy, type WatchScope } from '../../../src/commands/dashboard/sources.ts';
import type { WatchOptions } from '../../../src/commands/dashboard/watch-options.ts';
import { systemsFor } from '../../../src/reading/selection.ts';
import type { Places } from '../../../src/systems/system.ts';
import { machine, type Machine } from '../program.ts';

const SETTINGS = '{ "sandbox": { "enabled": true, "network": { "allowedDomains": ["a.example"] } } }\n';
const SQUID_LOG =
  '1795075202.444 1 172.19.0.6 TCP_DENIED/403 4032 CONNECT evil.example:443 - HIER_NONE/- text/html\n';
const SQUID_CONF = 'acl ok dstdomain .a.example\nhttp_access allow ok\nhttp_access deny all\n';

const placesOn = (here: Machine): Places => ({
  home: here.path('home'),
  cwd: here.path('work'),
  tmp: here.path('tmp'),
  daemonLogs: here.path('daemons'),
  daemonConfig: here.path('etc'),
  env: { XDG_RUNTIME_DIR: here.path('run'), PATH: here.path('bin') },
  stateDir: null,
});

const watched = (
  here: Machine,
  args: readonly string[] = [],
  options: WatchOptions = {},
): Promise<WatchScope> => watchedBy(args, options, { places: placesOn(here), systems: systemsFor(options) });

const opened = async (scope: Promise<WatchScope>): Promise<string | null> =>
  (await scope).target?.path ?? null;

it('the only policy at a documented place judges the discovered log of its own product', async () => {
  const here = machine();
  here.write('daemons/squid/access.log', SQUID_LOG);
  const conf = here.write('etc/squid/squid.conf', SQUID_CONF);
  const scope = await watched(here);
  expect(scope.target?.path).toBe(conf);
  expect(scope.discovered.policies).toEqual([{ system: 'squid', path: conf }]);
});

it('a discovered policy of one product never judges the discovered log of another', async () => {
  const here = machine();
  here.write('daemons/squid/access.log', SQUID_LOG);
  const settings = here.write('home/.claude/settings.json', SETTINGS);
  const scope = await watched(here);
  expect(scope.target).toBeNull();
  expect(scope.noPolicy).toContain(settings);
  const conf = here.write('etc/squid/squid.conf', SQUID_CONF);
  expect(await opened(watched(here))).toBe(conf);
});

it('a discovered policy neither judges nor is listed where a log or a policy was named', async () => {
  const here = machine();
  const log = here.write('daemons/squid/access.log', SQUID_LOG);
  here.write('etc/squid/squid.conf', SQUID_CONF);
  here.write('bin/sbx', '');
  const named = await watched(here, [log]);
  expect([named.target, named.discovered]).toEqual([null, { policies: [], askable: [] }]);
  const policy = here.write('work/policy.yaml', 'allow: []\n');
  const ruled = await watched(here, [], { policy });
  expect([ruled.target?.path, ruled.discovered]).toEqual([policy, { policies: [], askable: [] }]);
});

it('a configuration that names no host judges nothing', async () => {
  const here = machine();
  here.write('daemons/squid/access.log', SQUID_LOG);
  here.write('etc/squid/squid.conf', 'http_access deny all\n');
  const scope = await watched(here);
  expect([scope.target, scope.discovered.policies.length]).toEqual([null, 1]);
});

it('several files that rule together judge as one, and none of them is edited', async () => {
  const here = machine();
  here.write('daemons/openshell.2026-11-19.log', '');
  here.write('home/.claude/settings.json', SETTINGS);
  here.write('work/.claude/settings.json', SETTINGS);
  expect(await opened(watched(here))).toBeNull();
  const alone = await watched(here, [], { system: 'claude-code' });
  expect(alone.target?.path).toBe(here.path('work/.claude/settings.json'));
  expect(alone.target?.readOnly).toContain('read-only');
});

it('several policies of several products are told and none is opened', async () => {
  const here = machine();
  const srt = here.write(
    'home/.srt-settings.json',
    '{"network":{"allowedDomains":["a.example"],"deniedDomains":[]},"filesystem":{"denyRead":[],"allowWrite":[],"denyWrite":[]}}',
  );
  const codex = here.write(
    'home/.codex/config.toml',
    'default_permissions = "p"\n[permissions.p.network]\nenabled = true\n[permissions.p.network.domains]\n"a.example" = "allow"\n',
  );
  here.write('daemons/squid/access.log', SQUID_LOG);
  const scope = await watched(here);
  expect(scope.target).toBeNull();
  expect(scope.noPolicy).toContain(`${srt} (sandbox-runtime), ${codex} (codex)`);
});

it('discovery under --system finds the logs and policies of that system alone', async () => {
  const here = machine();
  const log = here.write('daemons/squid/access.log', SQUID_LOG);
  here.write('home/.microagent/research/egress-access.jsonl', '{"ts":1,"event":"egress_allow"}\n');
  here.write('home/.claude/settings.json', SETTINGS);
  const scope = await watched(here, [], { system: 'squid' });
  expect(scope.specs).toEqual([{ type: 'path', path: log }]);
  expect(scope.discovered.policies).toEqual([]);
});

it('OpenShell’s records are discovered in the place of its shorthand, and days to come join them', async () => {
  const here = machine();
  here.write('daemons/openshell.2026-11-19.log', '');
  const only = { system: 'openshell' };
  const glob = (name: string): object => ({ type: 'glob', pattern: join(here.path('daemons'), name) });
  expect((await watched(here, [], only)).specs).toEqual([glob('openshell.*log')]);
  here.write('daemons/openshell-ocsf.2026-11-19.log', '');
  expect((await watched(here, [], only)).specs).toEqual([glob('openshell-ocsf.*log')]);
});

it('pipelock’s log is discovered by its configuration, which judges it', async () => {
  const here = machine();
  const log = here.write('logs/pipelock.jsonl', '');
  const config = here.write(
    'home/.config/pipelock/pipelock.yaml',
    `mode: strict\napi_allowlist: [a.example]\nlogging:\n  output: both\n  file: ${log}\n`,
  );
  const scope = await watched(here);
  expect(scope.specs).toEqual([{ type: 'path', path: log }]);
  expect(scope.target?.path).toBe(config);
});

it('a program that prints its log is offered and not run', async () => {
  const here = machine();
  here.write('daemons/squid/access.log', SQUID_LOG);
  const program = here.write('bin/sbx', `#!/bin/sh\ntouch ${here.path('ran')}\n`);
  chmodSync(program, 0o755);
  const scope = await watched(here);
  expect(scope.discovered.askable).toEqual(['sbx:']);
  expect(scope.specs).toEqual([{ type: 'path', path: here.path('daemons/squid/access.log') }]);
});
