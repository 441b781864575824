import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installAuthority,
  type TrustingSystem,
  uninstallAuthority,
} from '../../src/commands/mediator/system-trust.ts';
import { openAuthority, rotateAuthority } from '../../src/mediator/certificates/authority-files.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await openAuthority(caDir(), Date.now());
});
afterEach(() => world.end());

const DAY_MS = 86_400_000;
const caDir = (): string => join(world.folder, 'own');
const certificate = (): string => readFileSync(join(caDir(), 'ca.pem'), 'utf8');
const yes = () => ({ yes: true, caDir: caDir() });

/** The parts of a system: a folder of certificates, and a program that takes them up. */
interface Layout {
  readonly anchors?: string;
  readonly program?: string;
}

/** A scratch root with a program that notes its arguments and the files that it found; it fails where `broken` stands beside it. */
function scratch({ anchors, program }: Layout, around: Partial<TrustingSystem> = {}): TrustingSystem {
  const root = join(world.folder, 'root');
  if (anchors !== undefined) mkdirSync(join(root, anchors), { recursive: true });
  if (program !== undefined) {
    const path = join(root, program);
    mkdirSync(join(path, '..'), { recursive: true });
    const script = `#!/bin/sh
echo "args $*" >> '${ranFile()}'
ls '${join(root, anchors ?? '')}' >> '${ranFile()}'
if [ -e '${join(root, 'broken')}' ]; then echo 'no space' >&2; exit 3; fi
`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }
  return { root, isRoot: true, isSudo: false, egresstop: ['egresstop'], now: Date.now(), ...around };
}

const ranFile = (): string => join(world.folder, 'ran');
const ran = (): string => (existsSync(ranFile()) ? readFileSync(ranFile(), 'utf8') : '');
const contents = (system: TrustingSystem, anchors: string): readonly string[] =>
  readdirSync(join(system.root, anchors)).map(name => readFileSync(join(system.root, anchors, name), 'utf8'));

const DEBIAN = { anchors: 'usr/local/share/ca-certificates', program: 'usr/sbin/update-ca-certificates' };
const FEDORA = { anchors: 'etc/pki/ca-trust/source/anchors', program: 'usr/bin/update-ca-trust' };
const SUSE = { anchors: 'etc/pki/trust/anchors', program: 'usr/sbin/update-ca-certificates' };
const MAC = { anchors: 'Library/Keychains', program: 'usr/bin/security' };

describe.each([
  ['Debian, Ubuntu or Alpine', DEBIAN, 'args \n'],
  ['Fedora or RHEL', FEDORA, 'args extract\n'],
  ['SUSE', SUSE, 'args \n'],
])('the trust of %s', (systems, layout, args) => {
  it('install without --yes names the file, the program and the command, and changes nothing', async () => {
    const system = scratch(layout, { isRoot: false });
    const said = await installAuthority({ caDir: caDir() }, system);
    expect(said).toMatch(/^Warning: every program of the whole system will trust .*30 days/);
    expect(said).toContain(`(${systems})`);
    expect(said).toContain(`sudo 'egresstop' ca install --yes --ca-dir '${caDir()}'`);
    expect(said).toMatch(new RegExp(`write ${join(system.root, layout.anchors)}/egresstop-[-0-9a-f]+\\.crt`));
    expect(said).toContain(`run ${join(system.root, layout.program)}`);
    expect([contents(system, layout.anchors), ran()]).toEqual([[], '']);
  });

  it('install --yes copies the certificate for all users to read, and runs the program', async () => {
    const system = scratch(layout);
    const before = process.umask(0o077);
    const said = await installAuthority(yes(), system).finally(() => process.umask(before));
    const [name = ''] = readdirSync(join(system.root, layout.anchors));
    expect(name).toMatch(/^egresstop-[-0-9a-f]+\.crt$/);
    expect(said).toContain(`wrote ${join(system.root, layout.anchors, name)}\n`);
    expect(statSync(join(system.root, layout.anchors, name)).mode & 0o777).toBe(0o644);
    expect(contents(system, layout.anchors)).toEqual([certificate()]);
    expect(ran()).toBe(`${args}${name}\n`);
  });

  it('uninstall --yes removes what install wrote and nothing else, and runs the program', async () => {
    const system = scratch(layout);
    writeFileSync(join(system.root, layout.anchors, 'company.crt'), 'company');
    await installAuthority(yes(), system);
    expect(await uninstallAuthority({ caDir: caDir() }, system)).toContain('  remove ');
    expect(contents(system, layout.anchors)).toHaveLength(2);
    await uninstallAuthority(yes(), system);
    expect(contents(system, layout.anchors)).toEqual(['company']);
    expect(ran()).toMatch(new RegExp(`${args}company.crt\n$`));
  });

  it('--yes fails for any user but root, with the command to run, and changes nothing', async () => {
    const system = scratch(layout, { isRoot: false });
    const failure = (verb: string) => ({
      exitCode: 1,
      remedy: `run: sudo 'egresstop' ca ${verb} --yes --ca-dir '${caDir()}'`,
    });
    await expect(installAuthority(yes(), system)).rejects.toMatchObject(failure('install'));
    expect([contents(system, layout.anchors), ran()]).toEqual([[], '']);
    await installAuthority(yes(), { ...system, isRoot: true });
    await expect(uninstallAuthority(yes(), system)).rejects.toMatchObject(failure('uninstall'));
    expect(contents(system, layout.anchors)).toEqual([certificate()]);
  });
});

it.each([
  ['nothing', {}],
  ['a folder without its program', { anchors: DEBIAN.anchors }],
  ['a program without its folder', { program: FEDORA.program }],
  [
    'the folder of one system and the program of another',
    { anchors: FEDORA.anchors, program: DEBIAN.program },
  ],
])('a system with %s is unknown: both fail and say what to do by hand', async (_, layout) => {
  const system = scratch(layout);
  const failure = { exitCode: 1, remedy: expect.stringContaining('by hand') };
  for (const flags of [yes(), { caDir: caDir() }]) {
    await expect(installAuthority(flags, system)).rejects.toMatchObject(failure);
    await expect(uninstallAuthority(flags, system)).rejects.toMatchObject(failure);
  }
  expect(ran()).toBe('');
});

it('on macOS the commands are printed and never run, and --yes fails with them', async () => {
  const system = scratch(MAC);
  const path = `'${join(caDir(), 'ca.pem')}'`;
  const add = `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${path}`;
  expect(await installAuthority({ caDir: caDir() }, system)).toContain(`  ${add}\n`);
  await expect(installAuthority(yes(), system)).rejects.toMatchObject({ exitCode: 1, remedy: `run: ${add}` });
  expect(await uninstallAuthority({ caDir: caDir() }, system)).toContain(
    `  sudo security remove-trusted-cert -d ${path}\n`,
  );
  expect(ran()).toBe('');
});

it('an authority and its successor become one file each', async () => {
  await openAuthority(caDir(), Date.now() + 21 * DAY_MS);
  const system = scratch(DEBIAN);
  await installAuthority(yes(), system);
  const both = certificate().split(/(?<=-----END CERTIFICATE-----\n)/);
  expect(both).toHaveLength(2);
  expect(new Set(contents(system, DEBIAN.anchors))).toEqual(new Set(both));
});

it('install after a rotation leaves only the new authority, and uninstall finds an older one', async () => {
  const system = scratch(DEBIAN);
  await installAuthority(yes(), system);
  await rotateAuthority(caDir(), Date.now());
  await installAuthority(yes(), system);
  expect(contents(system, DEBIAN.anchors)).toEqual([certificate()]);
  await rotateAuthority(caDir(), Date.now());
  await uninstallAuthority(yes(), system);
  expect(contents(system, DEBIAN.anchors)).toEqual([]);
});

it('uninstall leaves the authority of another folder trusted', async () => {
  const system = scratch(DEBIAN);
  const other = join(world.folder, 'other');
  await openAuthority(other, Date.now());
  await installAuthority({ yes: true, caDir: other }, system);
  expect(await uninstallAuthority(yes(), system)).toContain('no certificate of the authority');
  expect(contents(system, DEBIAN.anchors)).toHaveLength(1);
});

it('a program that fails leaves no new certificate, and its words are told', async () => {
  const system = scratch(DEBIAN);
  writeFileSync(join(system.root, 'broken'), '');
  await expect(installAuthority(yes(), system)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('no space'),
  });
  expect(contents(system, DEBIAN.anchors)).toEqual([]);
});

it('an authority that has expired is not installed', async () => {
  const system = scratch(DEBIAN, { now: Date.now() + 31 * DAY_MS });
  await expect(installAuthority(yes(), system)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('has expired'),
  });
  expect(contents(system, DEBIAN.anchors)).toEqual([]);
});

it('under sudo the authority must be named, and root makes none in a folder that was named', async () => {
  const system = scratch(DEBIAN, { isSudo: true });
  await expect(installAuthority({ yes: true }, system)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('--ca-dir'),
  });
  const missing = join(world.folder, 'missing');
  await expect(installAuthority({ yes: true, caDir: missing }, system)).rejects.toMatchObject({
    exitCode: 1,
    message: `no authority is in ${missing}`,
  });
  expect(existsSync(missing)).toBe(false);
});
