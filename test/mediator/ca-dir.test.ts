import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mediatorOptions } from '../../src/commands/mediator/mediator-flags.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await world.end();
});

/** Several programs start one after the other; on a busy machine each takes many seconds. */
vi.setConfig({ testTimeout: 120_000 });

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The built program in a home of its own. */
async function egresstop(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const {
    XDG_RUNTIME_DIR: _,
    XDG_STATE_HOME: __,
    XDG_DATA_HOME: ___,
    XDG_CONFIG_HOME: ____,
    ...rest
  } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: world.folder,
    env: { ...rest, HOME: world.folder, TMPDIR: world.folder },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.on('data', chunk => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

it('a program behind run trusts the authority of --ca-dir, and no other authority is made', async () => {
  const ran = await egresstop('run', '--ca-dir', 'own', '--', 'sh', '-c', 'cat "$NODE_EXTRA_CA_CERTS"');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain(readFileSync(join(world.folder, 'own', 'ca.pem'), 'utf8'));
  expect(
    readdirSync(world.folder, { recursive: true }).filter(name => String(name).endsWith('ca.pem')),
  ).toEqual([join('own', 'ca.pem')]);
});

it('run does not join a mediator that has another authority than --ca-dir', async () => {
  const inner = `"${process.execPath}" "${CLI}" run --ca-dir`;
  const ran = await egresstop(
    'run',
    '--ca-dir',
    'own',
    '--',
    'sh',
    '-c',
    `${inner} own true && ${inner} other true`,
  );
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('a mediator is already up') });
});

it('ca makes, prints and replaces the authority of --ca-dir', async () => {
  const path = join(world.folder, 'own', 'ca.pem');
  expect(await egresstop('ca', 'path', '--ca-dir', 'own')).toMatchObject({ code: 0, out: `${path}\n` });
  const first = readFileSync(path, 'utf8');
  expect(await egresstop('ca', 'print', '--ca-dir', 'own')).toMatchObject({ code: 0, out: first });
  expect(await egresstop('ca', 'rotate', '--ca-dir', 'own')).toMatchObject({ code: 0 });
  expect(readFileSync(path, 'utf8')).not.toBe(first);
});

it('ca rotate asks for --force where the mediator that is up has this authority, and only there', async () => {
  const rotate = `"${process.execPath}" "${CLI}" ca rotate --ca-dir`;
  const ran = await egresstop('run', '--ca-dir', 'own', '--', 'sh', '-c', `${rotate} other && ${rotate} own`);
  expect(ran).toMatchObject({ code: 1, out: `${join(world.folder, 'other', 'ca.pem')}\n` });
  expect(ran.err).toContain('--force');
});

it.each([
  ['a folder with other files', 'full', /has other files/],
  ['a file', join('full', 'file'), /wants a folder/],
  ['no name', '', /wants a folder/],
])('--ca-dir is wrong usage with %s, and its mode stays', async (_, name, told) => {
  const full = join(world.folder, 'full');
  mkdirSync(full, { mode: 0o755 });
  writeFileSync(join(full, 'file'), '');
  const caDir = name && join(world.folder, name);
  await expect(mediatorOptions({ caDir })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(told),
  });
  expect(await egresstop('ca', 'rotate', '--ca-dir', caDir)).toMatchObject({ code: 2 });
  expect(statSync(full).mode & 0o777).toBe(0o755);
});

it.each(['install', 'uninstall'])(
  'the built program refuses ca %s under sudo without --ca-dir',
  async verb => {
    vi.stubEnv('SUDO_UID', '1000');
    const ran = await egresstop('ca', verb); // never with --yes: this system is real
    expect(ran).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining(`egresstop ca ${verb} without sudo`),
    });
  },
);
