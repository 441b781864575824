import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditDestination } from '../../../../src/systems/zeph/log/audit-destination.ts';
import { discoverZeph, inspectZeph } from '../../../../src/systems/zeph/log/discover.ts';
import type { Places } from '../../../../src/systems/system.ts';

/** A machine with these files: `cwd/` is zeph's working directory, `home/` the user's. */
function machine(files: Readonly<Record<string, string>>, config?: string): Places {
  const root = mkdtempSync(join(tmpdir(), 'egresstop-zeph-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return {
    home: join(root, 'home'),
    cwd: join(root, 'cwd'),
    tmp: root,
    env: config === undefined ? {} : { ZEPH_CONFIG: join(root, config) },
    stateDir: null,
  };
}

const audit = (destination: string): string =>
  `[tools.audit]\nenabled = true\ndestination = ${destination}\n`;

describe('zeph’s audit log is found', () => {
  it.each<[string, Readonly<Record<string, string>>, string | undefined, string | null]>([
    [
      'from its working directory',
      { 'cwd/config/default.toml': audit('"logs/audit.jsonl"') },
      undefined,
      'cwd/logs/audit.jsonl',
    ],
    [
      'from the user’s configuration',
      { 'home/.config/zeph/config.toml': audit("'audit.jsonl'") },
      undefined,
      'cwd/audit.jsonl',
    ],
    [
      'from $ZEPH_CONFIG before any other',
      { 'own.toml': audit('"own.jsonl"'), 'cwd/config/default.toml': audit('"other.jsonl"') },
      'own.toml',
      'cwd/own.jsonl',
    ],
    ['as a file called stderr', { 'cwd/config/default.toml': audit('"stderr"') }, undefined, 'cwd/stderr'],
    ['not where it goes to stdout', { 'cwd/config/default.toml': audit('"stdout"') }, undefined, null],
    [
      'not where nothing is said: stdout is the default',
      { 'cwd/config/default.toml': '[tools.audit]\n' },
      undefined,
      null,
    ],
    [
      'not where it is off',
      { 'cwd/config/default.toml': `${audit('"a.jsonl"')}enabled = false\n` },
      undefined,
      null,
    ],
    ['not without a configuration', {}, undefined, null],
    [
      'where its full-screen mode writes, once it has',
      { 'cwd/config/default.toml': audit('"stdout"'), 'cwd/audit.jsonl': '' },
      undefined,
      'cwd/audit.jsonl',
    ],
  ])('%s', async (_, files, config, expected) => {
    const places = machine(files, config);
    expect((await discoverZeph(places)).map(({ source }) => source)).toEqual(
      expected === null ? [] : [join(places.tmp, expected)],
    );
  });

  it('zeph’s log is looked for without waiting for a FIFO in place of a configuration', async () => {
    const places = machine({ 'home/.config/zeph/config.toml': audit('"/l/a.jsonl"'), 'cwd/config/x': '' });
    execFileSync('mkfifo', [join(places.cwd, 'config/default.toml')]);
    expect(await discoverZeph(places)).toMatchObject([{ source: '/l/a.jsonl' }]);
  });

  it('a log at an absolute path is found there', async () => {
    const found = await discoverZeph(machine({ 'cwd/config/default.toml': audit('"/var/log/zeph.jsonl"') }));
    expect(found).toEqual([{ system: 'zeph', name: 'zeph', source: '/var/log/zeph.jsonl', agent: null }]);
  });
});

describe('the destination', () => {
  it.each([
    ['[tools.audit]\ndestination = "a.jsonl" # here', '/w/a.jsonl'],
    ['[ tools . audit ] # log\ndestination="/l/a.jsonl"', '/l/a.jsonl'],
    ['[tools.audit]\r\ndestination = "../a.jsonl"\r\n', '/a.jsonl'],
    ['[tools]\naudit = { destination = \'a "b".jsonl\' }', '/w/a "b".jsonl'],
    ['tools.audit.destination = "stderr"', '/w/stderr'],
    ['[tools.audit]\ndestination = "a.jsonl"\n[other]\nenabled = false', '/w/a.jsonl'],
  ])('the destination in %j is the file %s', async (toml, path) => {
    expect(await auditDestination(toml, 'c.toml', '/w')).toEqual({ type: 'file', path });
  });

  it.each([
    ['[tools.audit]\n# destination = "no.jsonl"', 'stdout'],
    ['[tools.audit]\ndestination = "stdout"', 'stdout'],
    ['[tools.audit]\ndestination = ""', 'stdout'],
    ['[other]\ndestination = "no.jsonl"', 'stdout'],
    ['[tools.audit.more]\ndestination = "no.jsonl"', 'stdout'],
    ["x = '''\n[tools.audit]\ndestination = \"no.jsonl\"\n'''", 'stdout'],
    ['', 'stdout'],
    ['[tools.audit]\nenabled = false\ndestination = "a.jsonl"', 'off'],
    ['not toml at all', 'invalid'],
  ])('the destination in %j is %s', async (toml, type) => {
    expect((await auditDestination(toml, 'c.toml', '/w')).type).toBe(type);
  });
});

describe('of zeph’s configuration is told', () => {
  it.each([
    ['where its lines go', audit('"/l/a.jsonl"'), 'audit lines go to /l/a.jsonl'],
    [
      'that nothing can be read',
      '',
      'audit lines go to stdout, where tracing text wraps them and nothing can read them back; set tools.audit.destination to a path',
    ],
    [
      'that nothing is written',
      '[tools.audit]\nenabled = false',
      'auditing is off: no request is seen; set tools.audit.enabled to true',
    ],
    [
      'that it is broken',
      'a = = 1',
      'the configuration cannot be read: not TOML: = does not belong here (line 1); mend it',
    ],
  ])('%s', async (_, toml, summary) => {
    const places = machine({ 'cwd/config/default.toml': toml });
    expect(await inspectZeph(places)).toMatchObject([
      { name: join(places.cwd, 'config/default.toml'), summary, differences: [], policyPath: null },
    ]);
  });
});
