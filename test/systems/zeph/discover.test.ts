import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditDestination, discoverZeph } from '../../../src/systems/zeph/discover.ts';
import type { Places } from '../../../src/systems/system.ts';

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
  ])('%s', async (_, files, config, expected) => {
    const places = machine(files, config);
    expect((await discoverZeph(places)).map(({ source }) => source)).toEqual(
      expected === null ? [] : [join(places.tmp, expected)],
    );
  });

  it('at an absolute path as it stands', async () => {
    const found = await discoverZeph(machine({ 'cwd/config/default.toml': audit('"/var/log/zeph.jsonl"') }));
    expect(found).toEqual([{ system: 'zeph', name: 'zeph', source: '/var/log/zeph.jsonl', agent: null }]);
  });
});

describe('the destination', () => {
  it.each([
    ['[tools.audit]\ndestination = "a.jsonl" # here', 'a.jsonl'],
    ['[ tools . audit ] # log\ndestination="a.jsonl"', 'a.jsonl'],
    ['[tools.audit]\r\ndestination = "a.jsonl"\r\n', 'a.jsonl'],
    ['[tools.audit]\ndestination = "C:\\\\a \\"b\\".jsonl"', 'C:\\a "b".jsonl'],
    [
      '[tools.scrape]\ndestination = "no.jsonl"\n[tools.audit]\ndestination = "a.jsonl"\n[other]\nenabled = false',
      'a.jsonl',
    ],
    ['[tools.audit]\n# destination = "no.jsonl"', null],
    ['[other]\ndestination = "no.jsonl"', null],
    ['[tools.audit.more]\ndestination = "no.jsonl"', null],
    ['not toml at all', null],
    ['', null],
  ])('in %j is %j', (toml, expected) => {
    expect(auditDestination(toml)).toBe(expected);
  });
});
