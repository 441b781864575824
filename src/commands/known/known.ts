import { plural } from '../../core/grouped.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { describeProblem } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { note, Output } from '../output.ts';
import { changeKnown, readKnown } from './known-file.ts';

/** Prints the hosts that each agent is known to use. The agent that was active last comes last. */
export async function listKnown(
  agent: string | undefined,
  { json }: { readonly json?: true },
): Promise<number> {
  const read = await readKnown();
  if ('why' in read) throw new Failure(describeProblem(read));
  const { known, damage } = read;
  if (damage) note(describeProblem(damage));
  const shown = [...known].filter(([name]) => agent === undefined || name === agent);
  const output = new Output();
  const agents = shown.map(([name, hosts]) => ({ agent: name, hosts: [...hosts] }));
  const lines = agents.flatMap(({ agent: name, hosts }) =>
    hosts.map(host => `${visible(name)}\t${visible(host)}\n`),
  );
  await output.text(json ? `${toJson({ agents })}\n` : lines.join(''));
  return 0;
}

/** Removes the named agents or hosts. Exit 1 if none of them was known. */
export async function forgetKnown(
  { agent, host }: { readonly agent: string | undefined; readonly host: string | undefined },
  { all }: { readonly all?: true },
): Promise<number> {
  if ((agent === undefined) !== (all === true)) throw misuse('name an AGENT, an AGENT and a HOST, or --all');
  let forgotten = 0;
  const problem = await changeKnown(past => {
    const left = new Map<string, ReadonlySet<string>>();
    for (const [name, hosts] of past) {
      const kept =
        agent !== undefined && name !== agent
          ? hosts
          : host === undefined
            ? new Set<string>()
            : without(hosts, host);
      forgotten += hosts.size - kept.size;
      if (kept.size > 0) left.set(name, kept);
    }
    return left;
  });
  if (problem) throw new Failure(describeProblem(problem));
  note(`forgot ${plural(forgotten, 'host')}`);
  return forgotten === 0 ? 1 : 0;
}

const without = (hosts: ReadonlySet<string>, host: string): ReadonlySet<string> =>
  new Set([...hosts].filter(known => known !== host));
