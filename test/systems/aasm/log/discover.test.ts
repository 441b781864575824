import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { discoverAasm } from '../../../../src/systems/aasm/log/discover.ts';
import type { Places } from '../../../../src/systems/system.ts';

/** A machine with these files: `cwd/` is the working directory, `home/` the user's. */
function machine(files: readonly string[], env: Readonly<Record<string, string>>): Places {
  const root = mkdtempSync(join(tmpdir(), 'egresstop-aasm-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const path of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return { home: join(root, 'home'), cwd: join(root, 'cwd'), tmp: root, env, stateDir: null };
}

const LOG = 'gateway-default.jsonl';
const USERS = `home/.local/share/aa/audit/${LOG}`;
const PROXY = { AA_PROXY_AUDIT_JSONL_PATH: '../proxy.jsonl' };

describe('an aasm log is found', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, readonly string[]]>([
    ['where the proxy writes', ['proxy.jsonl'], PROXY, ['proxy.jsonl']],
    ['in the user’s data folder', [USERS], {}, [USERS]],
    [
      'in macOS’s',
      [`home/Library/Application Support/aa/audit/${LOG}`],
      {},
      [`home/Library/Application Support/aa/audit/${LOG}`],
    ],
    ['in the working directory, last', [`cwd/aa/audit/${LOG}`], {}, [`cwd/aa/audit/${LOG}`]],
    ['in one place alone', [USERS, `cwd/aa/audit/${LOG}`], {}, [USERS]],
    ['in $AA_AUDIT_DIR', [`own/${LOG}`, USERS], { AA_AUDIT_DIR: '../own' }, [`own/${LOG}`]],
    ['nowhere else where that is set', [USERS], { AA_AUDIT_DIR: '../own' }, []],
    ['of both', ['proxy.jsonl', USERS], PROXY, ['proxy.jsonl', USERS]],
    ['not where it is a folder', ['proxy.jsonl/file'], PROXY, []],
    ['not where the variable is empty', ['proxy.jsonl'], { AA_PROXY_AUDIT_JSONL_PATH: '' }, []],
    ['not where there is none', [], PROXY, []],
  ])('%s', async (_, files, env, expected) => {
    const places = machine(files, env);
    const found = await discoverAasm(places);
    expect(found.map(({ source }) => source)).toEqual(expected.map(path => join(places.tmp, path)));
  });

  it('two aasm logs are found under names that tell them apart', async () => {
    const found = await discoverAasm(machine(['proxy.jsonl', USERS], PROXY));
    expect(found.map(({ system, name, agent }) => [system, name, agent])).toEqual([
      ['aasm', 'aasm-proxy', null],
      ['aasm', 'aasm-gateway', null],
    ]);
  });
});
