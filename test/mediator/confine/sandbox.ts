import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFlags } from '../../../src/commands/mediator/run-flags.ts';
import type { World } from '../world.ts';

/** The obstacle to a real sandbox on this machine: then these tests are left out, and say so. */
const { status, stderr, error } = spawnSync(
  'bwrap',
  ['--dev-bind', '/', '/', '--unshare-net', '--unshare-pid', '--proc', '/proc', 'true'],
  { encoding: 'utf8' },
);
export const missing = status === 0 ? null : (error?.message ?? stderr.trim());
if (missing !== null) process.stderr.write(`the tests of --confine are skipped: ${missing}\n`);

/** A file or folder of the world. */
export const place = (world: World, ...names: readonly string[]): string => join(world.folder, ...names);

/** Flags for a policy that is named by a link, and a log, each in a folder of its own. */
export async function confinedFlags(world: World, policy: string, rest: RunFlags = {}): Promise<RunFlags> {
  for (const folder of ['lists', 'links', 'logs', 'scratch'])
    mkdirSync(place(world, folder), { mode: 0o700 });
  writeFileSync(place(world, 'lists', 'policy.yaml'), policy);
  symlinkSync('../lists/policy.yaml', place(world, 'links', 'policy.yaml'));
  writeFileSync(place(world, 'origins.pem'), (await world.originRoot()).certificate);
  return {
    confine: true,
    policy: place(world, 'links', 'policy.yaml'),
    audit: place(world, 'logs', 'audit.jsonl'),
    upstreamCa: [place(world, 'origins.pem')],
    mode: 'strict',
    ...rest,
  };
}

/** The records of the log that `confinedFlags` names. */
export const recordsOf = (world: World): readonly Record<string, unknown>[] =>
  readFileSync(place(world, 'logs', 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
