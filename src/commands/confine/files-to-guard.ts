import { Failure } from '../../core/failure.ts';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { ownJournal } from '../places.ts';
import type { MediatorFiles } from './guards.ts';

/** The files of the mediator that these options would start, and those of the running one, which may have others. */
export async function filesToGuard(options: MediatorOptions): Promise<readonly MediatorFiles[]> {
  const { policyPath: policy, auditPath: audit, socketPath: socket, authorityFolder: authority } = options;
  const own = { policy, audit, socket, authority, journal: ownJournal() };
  const up = await readHello(socket);
  return up ? [own, filesOf(up, own)] : [own];
}

/** Throws a Failure if the mediator has files that are not guarded, because it started after the guards were made. */
export function requireGuarded(hello: MediatorHello, mediators: readonly MediatorFiles[]): void {
  const isGuarded = (name: keyof MediatorFiles, path: string | null): boolean =>
    path === null || mediators.some(files => files[name] === path);
  const { policyPath, audit, authority, listen } = hello;
  if (isGuarded('policy', policyPath) && isGuarded('audit', audit) && isGuarded('authority', authority))
    return;
  throw new Failure(`the mediator on ${listen} has just started with other files; run the program again`);
}

const filesOf = ({ policyPath, audit, authority }: MediatorHello, own: MediatorFiles): MediatorFiles => ({
  ...own,
  policy: policyPath ?? own.policy,
  audit: audit ?? own.audit,
  authority: authority ?? own.authority,
});
