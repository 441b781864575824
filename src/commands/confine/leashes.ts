import { Failure } from '../../core/failure.ts';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { readHello, type MediatorHello } from '../../systems/egresstop/log/read-hello.ts';
import { ownJournal } from '../places.ts';
import type { Leash } from './guards.ts';

/** The files of the mediator that these options would start, and those of the running one, which may have others. */
export async function leashesOf(options: MediatorOptions): Promise<readonly Leash[]> {
  const { policyPath: policy, auditPath: audit, socketPath: socket, authorityFolder: authority } = options;
  const own = { policy, audit, socket, authority, journal: ownJournal() };
  const up = await readHello(socket);
  return up ? [own, leashOf(up, own)] : [own];
}

/** Throws a Failure if the mediator has files that are not guarded, because it started after the guards were made. */
export function requireGuarded(hello: MediatorHello, leashes: readonly Leash[]): void {
  const isGuarded = (name: keyof Leash, path: string | null): boolean =>
    path === null || leashes.some(leash => leash[name] === path);
  const { policyPath, audit, authority, listen } = hello;
  if (isGuarded('policy', policyPath) && isGuarded('audit', audit) && isGuarded('authority', authority))
    return;
  throw new Failure(`the mediator on ${listen} has just started with other files; run the program again`);
}

const leashOf = ({ policyPath, audit, authority }: MediatorHello, own: Leash): Leash => ({
  ...own,
  policy: policyPath ?? own.policy,
  audit: audit ?? own.audit,
  authority: authority ?? own.authority,
});
