import { basename, dirname } from 'node:path';
import { PolicyFile } from '../../policy-file/policy-file.ts';
import { actorOf, ownJournal } from '../places.ts';
import type { PolicyTarget } from './policy-target.ts';

/**
 * The editor of a policy file, with this user and egresstop's journal. A missing file begins with the text `start`, else with its system's
 * empty policy.
 */
export function openPolicyFile(
  { path, dialect, system }: Pick<PolicyTarget, 'path' | 'dialect'> & Partial<Pick<PolicyTarget, 'system'>>,
  now: () => number,
  start: string | null = dialect.template?.('empty', path) ?? null,
): PolicyFile {
  const makesFolder = system?.ownFolder === basename(dirname(path)) ? ({ makesFolder: true } as const) : {};
  const file = { path, dialect, journal: ownJournal(), actor: actorOf(), now, ...makesFolder };
  return new PolicyFile(start === null ? file : { ...file, start });
}
