import { basename, dirname } from 'node:path';
import { PolicyFile } from '../../policy-file/policy-file.ts';
import { actorOf, ownJournal } from '../places.ts';
import type { PolicyTarget } from './policy-target.ts';

/** The operator's policy file, edited by this user under egresstop's own journal. Where it is not there, it begins as `start`, else as its system's empty policy. */
export function openPolicyFile(
  { path, dialect, system }: Pick<PolicyTarget, 'path' | 'dialect'> & Partial<Pick<PolicyTarget, 'system'>>,
  now: () => number,
  start: string | null = dialect.template?.('empty', path) ?? null,
): PolicyFile {
  const makesFolder = system?.ownFolder === basename(dirname(path)) ? ({ makesFolder: true } as const) : {};
  const file = { path, dialect, journal: ownJournal(), actor: actorOf(), now, ...makesFolder };
  return new PolicyFile(start === null ? file : { ...file, start });
}
