import { nkeys } from '@nats-io/transport-node';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNatsCredentials } from '../../../src/sources/nats/credentials.ts';
import { newFolder } from '../folder.ts';

const seed = Buffer.from(nkeys.createUser().getSeed()).toString('latin1');

function file(content: string, mode = 0o600): string {
  const path = join(newFolder(), 'file');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

it('a seed is found between comments and blank lines', async () => {
  const { user, tls } = await readNatsCredentials({ nkey: file(`# of this machine\n\n ${seed}\r\n`) });
  expect(user).toEqual({ type: 'nkey', bytes: Buffer.from(seed) });
  expect(tls).toBeNull();
});

it.each([0o640, 0o604, 0o620, 0o666])(
  'a secret file with the rights %o is refused, with the command that mends it',
  async mode => {
    const path = file(seed, mode);
    for (const files of [
      { nkey: path },
      { creds: path },
      { token: path },
      { password: path },
      { cert: file('x'), key: path },
    ])
      await expect(readNatsCredentials(files)).rejects.toMatchObject({ remedy: `run chmod 600 ${path}` });
  },
);

it('a user and a password are read as they stand, a line each', async () => {
  const { user } = await readNatsCredentials({ password: file('ann\n pass word #1 \n') });
  expect(user).toEqual({ type: 'password', name: 'ann', password: ' pass word #1 ' });
  for (const content of ['', 'ann', 'ann\n', '\nsecret-word', 'ann\nsecret-word\nmore']) {
    const reading = readNatsCredentials({ password: file(content) });
    await expect(reading).rejects.toThrow('does not hold a user and a password, a line each');
    expect(await reading.catch((error: unknown) => String(error))).not.toContain('secret-word');
  }
});

it('a certificate and an authority are no secrets, so everybody may read them', async () => {
  const { tls } = await readNatsCredentials({ ca: file('A', 0o644), cert: file('C', 0o644), key: file('K') });
  expect(tls).toEqual({ ca: 'A', cert: 'C', key: 'K' });
});

it.each([
  ['an empty file', ''],
  ['a seed of an account', Buffer.from(nkeys.createAccount().getSeed()).toString('latin1')],
  ['a seed with a wrong letter', `${seed.slice(0, 20)}${seed[20] === 'A' ? 'B' : 'A'}${seed.slice(21)}`],
  ['two seeds', `${seed}\n${seed}`],
])('%s is no seed, and the message repeats none of it', async (_, content) => {
  const reading = readNatsCredentials({ nkey: file(content) });
  await expect(reading).rejects.toThrow('holds no seed of a user’s nkey');
  const message = await reading.catch((error: unknown) => String(error));
  expect(message).not.toContain(seed.slice(4, 20));
});

it.each([
  [{ creds: 'a', nkey: 'b' }],
  [{ token: 'a', nkey: 'b' }],
  [{ token: 'a', password: 'b' }],
  [{ cert: 'a' }],
  [{ key: 'a' }],
])('the files %j are wrong usage', async files => {
  await expect(readNatsCredentials(files)).rejects.toMatchObject({ exitCode: 2 });
});

it.each([['nkey'], ['creds'], ['token'], ['password'], ['ca']])(
  'a file for %s that is not there is told by its path',
  async name => {
    await expect(readNatsCredentials({ [name]: '/nowhere/file' })).rejects.toThrow(
      '/nowhere/file: does not exist',
    );
  },
);
