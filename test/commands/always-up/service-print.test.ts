import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { composeFile } from '../../../src/commands/always-up/compose-file.ts';
import { launchdAgent } from '../../../src/commands/always-up/launchd-agent.ts';
import type { Service } from '../../../src/commands/always-up/mediator-up.ts';
import { systemdUnit } from '../../../src/commands/always-up/systemd-unit.ts';
import { runHere } from '../run-here.ts';

const service = (folder: string): Service => ({
  program: ['/usr/bin/node', `${folder}/dist/cli.js`],
  listen: '127.0.0.1:8877',
  mode: 'strict',
  policy: `${folder}/policy.yaml`,
  audit: `${folder}/state/audit.jsonl`,
  socket: '/run/user/1000/egresstop/mediator.sock',
  authority: `${folder}/share`,
  user: { uid: 1000, gid: 1000 },
});

const HERE = { cwd: '/', env: { HOME: '/home/op', XDG_RUNTIME_DIR: '/run/user/7' } };

const FOLDERS = ['/home/op/x', '/home/o p/50% of "$HOME"\\x', '/home/op/<&>'];

const hasAnalyzer = (() => {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(!hasAnalyzer).each(FOLDERS)(
  'systemd finds nothing wrong with the unit (needs systemd-analyze): %s',
  folder => {
    const home = mkdtempSync(join(tmpdir(), 'egresstop-unit-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const unit = join(home, 'egresstop.service');
    writeFileSync(unit, systemdUnit({ ...service(folder), program: [process.execPath, `${folder}/cli.js`] }));
    const { stdout, stderr, status } = spawnSync('systemd-analyze', ['--user', 'verify', unit], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: home, HOME: home },
    });
    expect([
      status,
      `${stdout}${stderr}`.split('\n').filter(line => line.includes('egresstop.service')),
    ]).toEqual([0, []]);
  },
);

it('the unit may write its own folders and nothing else', () => {
  const unit = systemdUnit(service('/home/op/x'));
  expect(unit).toContain(
    'ReadWritePaths=-/home/op/x -/home/op/x/state -/run/user/1000/egresstop -/home/op/x/share\n',
  );
  expect(unit).toMatch(
    /ProtectSystem=strict[\s\S]*NoNewPrivileges=yes|NoNewPrivileges=yes[\s\S]*ProtectSystem=strict/,
  );
});

it.each(FOLDERS)(
  'compose reads the file, publishes on loopback alone and drops every capability: %s',
  folder => {
    const file = parse(composeFile(service(folder))) as {
      readonly services: { readonly egresstop: Record<string, unknown> };
    };
    const { egresstop } = file.services;
    expect(egresstop).toMatchObject({
      ports: ['127.0.0.1:8877:8877'],
      read_only: true,
      cap_drop: ['ALL'],
      user: '1000:1000',
    });
    const command = egresstop['command'] as readonly string[];
    expect(command.map(word => word.replaceAll('$$', '$'))).toEqual(
      expect.arrayContaining([`${folder}/policy.yaml`, '0.0.0.0:8877', '--listen-on-network']),
    );
  },
);

it.each(FOLDERS)('the launchd agent is well-formed XML with each argument whole: %s', folder => {
  const agent = launchdAgent(service(folder));
  const texts = [...agent.matchAll(/<string>(.*?)<\/string>/gs)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
  expect(texts).toEqual(
    expect.arrayContaining([`${folder}/policy.yaml`, `${folder}/dist/cli.js`, '--socket']),
  );
  expect(agent.replaceAll(/&(?:lt|gt|amp);/g, '')).not.toContain('&');
});

it('service print names the paths of this user, and refuses what it does not know', async () => {
  const printed = await runHere(['service', 'print', 'systemd', '--mode', 'strict'], HERE, '');
  expect(printed).toMatchObject({ code: 0 });
  expect(printed.stdout).toContain('--socket /run/user/7/egresstop/mediator.sock');
  expect(printed.stdout).toContain('--mode strict');
  for (const wrong of [
    ['upstart'],
    ['systemd', '--listen', '0.0.0.0:1'],
    ['systemd', '--listen', '127.0.0.1:0'],
  ])
    expect((await runHere(['service', 'print', ...wrong], HERE, '')).code).toBe(2);
});
