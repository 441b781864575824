import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bwrapArguments } from '../../../src/commands/confine/bwrap-arguments.ts';
import { guardFiles } from '../../../src/commands/confine/guards.ts';
import { aliasesOf } from '../../../src/commands/confine/mount-table.ts';
import { seccompFilter } from '../../../src/commands/confine/seccomp-filter.ts';
import { walkPath } from '../../../src/commands/confine/walk-path.ts';
import { whyUnavailable } from '../../../src/commands/confine/why-unavailable.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'egresstop-guards-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the filter of system calls', () => {
  /** Runs a filter over one call, as the kernel would (`net/core/filter.c`): what it returns. */
  function judge(filter: Buffer, architecture: number, number: number, args: readonly number[]): number {
    const data = Buffer.alloc(64);
    data.writeUInt32LE(number, 0);
    data.writeUInt32LE(architecture, 4);
    for (const [index, value] of args.entries()) data.writeUInt32LE(value, 16 + 8 * index);
    let loaded = 0;
    for (let at = 0; at < filter.length; at += 8) {
      const [code, yes, no] = [filter.readUInt16LE(at), filter.readUInt8(at + 2), filter.readUInt8(at + 3)];
      const k = filter.readUInt32LE(at + 4);
      if (code === 0x20) loaded = data.readUInt32LE(k);
      else if (code === 0x54) loaded = (loaded & k) >>> 0;
      else if (code === 0x15) at += 8 * (loaded === k ? yes : no);
      else if (code === 0x45) at += 8 * ((loaded & k) >>> 0 ? yes : no);
      else if (code === 0x06) return k;
      else throw new Error(`unknown instruction ${code}`);
    }
    throw new Error('the filter has no end');
  }

  const [ALLOW, EPERM, ENOSYS] = [0x7fff0000, 0x50001, 0x50026];
  const X64 = { processor: 'x64', architecture: 0xc000003e, socket: 41, pair: 53, ioctl: 16 };
  const I386 = { processor: 'x64', architecture: 0x40000003, socket: 359, pair: 360, ioctl: 54 };
  const ARM64 = { processor: 'arm64', architecture: 0xc00000b7, socket: 198, pair: 199, ioctl: 29 };
  const ARM = { processor: 'arm64', architecture: 0x40000028, socket: 281, pair: 288, ioctl: 54 };

  it.each([X64, I386, ARM64, ARM])('a filter leaves IPv4, IPv6, netlink and connected pairs: %o', table => {
    const filter = seccompFilter(table.processor) ?? Buffer.alloc(0);
    const came = (number: number, ...args: number[]) => judge(filter, table.architecture, number, args);
    for (const family of [2, 10, 16]) expect(came(table.socket, family)).toBe(ALLOW);
    for (const family of [0, 1, 3, 9, 17, 31, 38, 40, 0x10001])
      expect(came(table.socket, family)).toBe(EPERM);
    for (const type of [1, 5, 0x80801, 0x80805]) expect(came(table.pair, 1, type)).toBe(ALLOW);
    for (const type of [2, 3, 0x80802]) expect(came(table.pair, 1, type)).toBe(EPERM);
    expect(came(table.pair, 40, 1)).toBe(EPERM);
    for (const request of [0x5412, 0x541c]) expect(came(table.ioctl, 0, request)).toBe(EPERM);
    expect(came(table.ioctl, 0, 0x5401)).toBe(ALLOW);
    expect(came(425, 4)).toBe(ENOSYS);
    expect(came(0)).toBe(ALLOW);
  });

  it('a filter permits no call of a table that it does not know', () => {
    const filter = seccompFilter('x64') ?? Buffer.alloc(0);
    expect(judge(filter, 0xc000003e, 0x40000000 + 41, [2])).toBe(ENOSYS);
    expect(judge(filter, 0xc00000b7, 198, [2])).toBe(ENOSYS);
    expect(judge(filter, 0x40000003, 102, [1])).toBe(ENOSYS);
  });

  it('a processor without a table has no filter', () => {
    expect(seccompFilter('riscv64')).toBeNull();
  });
});

it.each([
  ['/home/u/.config/x', ['/srv/u/.config/x']],
  ['/srv/u', ['/home/u']],
  ['/mnt/a b/deep', ['/data/part/deep']],
  ['/other/thing', []],
])('the other paths of a folder are read from the table of mounts: %s', (path, others) => {
  const table = [
    '22 1 254:0 / / rw - ext4 /dev/a rw',
    '23 22 254:1 / /home rw - ext4 /dev/b rw',
    '24 22 254:1 / /srv rw - ext4 /dev/b rw',
    '25 22 254:2 / /data rw - ext4 /dev/c rw',
    '26 22 254:2 /part /mnt/a\\040b rw - ext4 /dev/c rw',
    '',
  ].join('\n');
  expect(aliasesOf(table, path)).toEqual(others);
});

it('the links of a path are followed, and the folders that hold them are told', () => {
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  symlinkSync(join(folder, 'link', 'file'), join(folder, 'real', 'name'));
  expect(walkPath(join(folder, 'link', 'name'))).toEqual({
    real: join(folder, 'real', 'file'),
    linkFolders: [folder, join(folder, 'real')],
  });
  symlinkSync('circle', join(folder, 'circle'));
  expect(() => walkPath(join(folder, 'circle'))).toThrow('too many symbolic links');
});

describe('guards', () => {
  const filesIn = (policy: string, rest: string) => ({
    policy: join(policy, 'policy.yaml'),
    audit: join(rest, 'state', 'audit.jsonl'),
    journal: join(rest, 'state', 'journal.jsonl'),
    socket: join(rest, 'run', 'mediator.sock'),
    authority: join(rest, 'ca'),
  });
  const around = { busy: [tmpdir()], mountinfo: '', user: process.getuid?.() ?? 0 };

  it('the folder of the policy is read-only, and those of log, journal, socket and key are hidden', () => {
    for (const name of ['policy', 'state', 'run', 'ca']) mkdirSync(join(folder, name));
    const { guards, pins } = guardFiles([filesIn(join(folder, 'policy'), folder)], around);
    expect(guards.map(({ folder: path, how }) => [path.slice(folder.length), how])).toEqual(
      expect.arrayContaining([
        ['/policy', 'read-only'],
        ['/state', 'hidden'],
        ['/run', 'hidden'],
        ['/ca', 'hidden'],
      ]),
    );
    expect(guards).toHaveLength(4);
    expect(pins).toContain(folder);
  });

  it.each(['policy', 'audit', 'journal', 'socket', 'authority'] as const)(
    'the folder of a link on the way to a guarded file is read-only: %s',
    name => {
      for (const each of ['policy', 'state', 'run', 'ca', 'links', 'other', 'other/deep'])
        mkdirSync(join(folder, each));
      symlinkSync('../other', join(folder, 'links', 'link'));
      const files = { ...filesIn(join(folder, 'policy'), folder), [name]: join(folder, 'links/link/deep/x') };
      const links = { folder: join(folder, 'links'), how: 'read-only', shown: [] };
      expect(guardFiles([files], around).guards).toContainEqual(links);
    },
  );

  it('the files of every mediator are guarded', () => {
    for (const each of ['a', 'b', 'state', 'run', 'ca', 'c', 'c/state', 'c/run', 'c/ca'])
      mkdirSync(join(folder, each));
    const [one, other] = [filesIn(join(folder, 'a'), folder), filesIn(join(folder, 'b'), join(folder, 'c'))];
    const folders = guardFiles([one, other], around).guards.map(guard => guard.folder.slice(folder.length));
    expect(folders.sort()).toEqual(['/a', '/b', '/c/ca', '/c/run', '/c/state', '/ca', '/run', '/state']);
  });

  it('a policy in a folder that is hidden is still shown', () => {
    for (const name of ['state', 'run', 'ca']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'state', 'policy.yaml'), '');
    const plan = guardFiles([filesIn(join(folder, 'state'), folder)], around);
    const file = join(folder, 'state', 'policy.yaml');
    expect(plan.guards).toContainEqual({ folder: join(folder, 'state'), how: 'hidden', shown: [file] });
    const words = bwrapArguments(plan, false).join(' ');
    expect(words).toContain(`--tmpfs ${folder}/state --ro-bind ${file} ${file} --remount-ro ${folder}/state`);
  });
});

it.each([
  [{ platform: 'darwin' }, 'this is darwin', '--confine=srt'],
  [{ processor: 'riscv64' }, 'riscv64', 'virtual machine'],
  [{ bwrapSaid: null }, 'needs the program bwrap', 'apt install bubblewrap'],
  [{ bwrapSaid: 'bwrap: no\n', isContainer: true }, 'bwrap: no', 'seccomp=unconfined'],
  [{ settings: { 'user/max_user_namespaces': '0' } }, 'no sandbox', 'user.max_user_namespaces'],
  [{ settings: { 'kernel/unprivileged_userns_clone': '0' } }, 'no sandbox', 'unprivileged_userns_clone=1'],
  [
    { settings: { 'kernel/apparmor_restrict_unprivileged_userns': '1' } },
    'no sandbox',
    'bwrap-userns-restrict',
  ],
  [{}, 'without a word', 'bwrap --dev-bind'],
])('a machine without a sandbox is told what is missing and how to get it: %o', (facts, why, remedy) => {
  const { settings = {}, ...rest } = facts as { settings?: Record<string, string> };
  const told = whyUnavailable({
    platform: 'linux',
    processor: 'x64',
    bwrapSaid: '',
    isContainer: false,
    setting: name => settings[name] ?? null,
    ...rest,
  });
  expect(told.why).toContain(why);
  expect(told.remedy).toContain(remedy);
});
