import { existsSync } from 'node:fs';
import { firstSystem } from '../../reading/first-system.ts';
import type { SourceSpec } from '../../sources/source.ts';
import { SYSTEMS } from '../../systems/index.ts';

/** The system for a new policy file, by the records of the sources; undefined if the file's name decides. */
export async function newPolicySystem(
  path: string,
  specs: readonly SourceSpec[],
): Promise<string | undefined> {
  if (existsSync(path)) return undefined;
  const system = await firstSystem(specs, SYSTEMS);
  const dialect = await system?.dialect();
  return dialect?.template?.('empty', path) ? system?.name : undefined;
}
