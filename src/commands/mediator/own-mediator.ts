import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeProblem } from '../../core/problem.ts';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { startMediator, type Mediator } from '../../mediator/start-mediator.ts';
import { egresstop } from '../../systems/egresstop/index.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { Failure } from '../../core/failure.ts';
import { keepGrants } from '../policy/grant-keeper.ts';
import { note } from '../output.ts';
import { placesOf } from '../places.ts';

/** The text of a new default policy. It has no entries, so guarded mode alone decides. */
const FIRST_POLICY = `# egresstop: hosts that agents may reach. A leading dot means the name and everything below it.
# allow: intercepted and audited. passthrough: passed through unopened, for clients that pin certificates.
allow: []
passthrough: []
`;

/**
 * Starts the mediator and removes its policy's ended grants. Creates the default policy if it is missing, but never a policy that the user
 * named.
 */
export async function startOwnMediator(options: MediatorOptions): Promise<Mediator> {
  const { dialect, policyPath: path, now } = options;
  if (path === ownFiles(placesOf(undefined), process.getuid?.()).policy) await makePolicy(path);
  const grants = keepGrants({ path, shownPath: path, system: egresstop, dialect }, now, note);
  const started = await startMediator({
    ...options,
    policyReloaded: reload => {
      if (reload.type === 'applied') grants.look();
      options.policyReloaded(reload);
    },
  });
  if (started.type === 'failed') {
    grants.stop();
    throw new Failure(`the mediator cannot start: ${started.problems.map(describeProblem).join('; ')}`);
  }
  grants.look();
  const { mediator } = started;
  return {
    ...mediator,
    stop: () => {
      grants.stop();
      return mediator.stop();
    },
  };
}

/** Creates the complete file, unless it exists. */
async function makePolicy(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, FIRST_POLICY, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
