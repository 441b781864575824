import { open } from 'node:fs/promises';
import { Failure } from '../../../core/failure.ts';
import { errorCode, faultOf } from '../../../core/file-error.ts';
import { Output } from '../../output.ts';
import { signerFor } from './fleet-session.ts';

/** `fleet key new FILE`: makes a key in a file that nobody else may read, and prints the public half. It overwrites nothing. */
export async function newKey(path: string): Promise<number> {
  const { nkeys } = await import('@nats-io/transport-node');
  const pair = nkeys.createUser();
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(`${new TextDecoder().decode(pair.getSeed())}\n`);
    await file.sync();
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    if (code === 'EEXIST') throw new Failure(`${path} is there already and is not overwritten`);
    const { why, remedy } = faultOf(code, 'write');
    throw new Failure(`${path}: ${why}`, 1, { remedy });
  }
  await new Output().text(`${pair.getPublicKey()}\n`);
  return 0;
}

/** `fleet key show FILE`: prints the public half. */
export async function showKey(path: string): Promise<number> {
  const { publicKey } = await signerFor({ key: path });
  await new Output().text(`${publicKey}\n`);
  return 0;
}
