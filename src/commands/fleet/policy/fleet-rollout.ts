import { setTimeout as pause } from 'node:timers/promises';
import { Failure, failureOf, misuse } from '../../../core/failure.ts';
import { plural } from '../../../core/grouped.ts';
import { isForMachine, type Rollout, type VerifiedValue } from '../../../core/fleet/policy-value.ts';
import { beginningOf, hasText, nextWave, rolloutWords, wavesOf } from '../../../core/fleet/rollout.ts';
import { parseDuration } from '../../../core/time.ts';
import { type FreshDenial, freshDenials } from '../../../core/what-if/fresh-denials.ts';
import { readText } from '../../../policy-file/read.ts';
import { note } from '../../output.ts';
import { changeFleet, type FleetEditFlags } from './fleet-edit.ts';
import { type OpenPolicy, wholeText } from './open-policy.ts';
import { fleetUses } from './fleet-uses.ts';
import { machinesOf, standingOf } from './machine-reports.ts';

/** The flags of `fleet rollout start`. */
export interface RolloutFlags extends FleetEditFlags {
  readonly from: string;
  readonly wave?: readonly string[];
  readonly maxMachines?: string;
}

/** A use of a host counts for so long before the rollout began. */
const USED_MS = 7 * 24 * 60 * 60 * 1_000;
const LOOK_MS = 2_000;

/** `fleet rollout start`: a new text for the machines of the first wave. */
export async function startRollout(address: string, flags: RolloutFlags): Promise<number> {
  const waves = wavesOf((flags.wave ?? []).map(wave => wave.split(',').map(name => name.trim())));
  if (waves.length < 2)
    throw misuse('a rollout has at least one wave before all', 'name machines with --wave m1,m2');
  const maxMachines = Number(flags.maxMachines ?? 0);
  if (!Number.isSafeInteger(maxMachines) || maxMachines < 0)
    throw misuse(`--max-machines wants a count: ${flags.maxMachines}`);
  const read = await readText(flags.from);
  if (read.type !== 'text') throw failureOf(read.problem, 'unreadable-policy');
  const rollout: Rollout = { waves, wave: 0, maxMachines, isHalted: false };
  return changeFleet(address, flags, {
    change: open => wholeText(open, read.text),
    terms: () => ({ rollout }),
  });
}

/** `fleet rollout halt`: no further machine takes the text; those that have it keep it. */
export const haltRollout = (address: string, flags: FleetEditFlags): Promise<number> =>
  move(address, flags, async ({ rollout }) => ({ rollout: { ...rollout, isHalted: true }, exit: 0 }));

/** The next state of a rollout with its reason, and the exit code; or why it stays. */
type Move =
  | { readonly rollout: Rollout; readonly exit: 0 | 1; readonly reason?: string }
  | { readonly why: string; readonly isOver: boolean };

/** A rollout as it stands. */
interface Standing {
  readonly open: OpenPolicy;
  readonly current: VerifiedValue;
  readonly rollout: Rollout;
}

/** `fleet rollout continue`: the next wave, if each machine so far has the text and the halting rule holds. */
export async function continueRollout(
  address: string,
  flags: FleetEditFlags & { readonly all?: true; readonly pause?: string },
): Promise<number> {
  const pauseMs = parseDuration(flags.pause ?? '1m');
  if (pauseMs === null) throw misuse(`--pause wants a duration as 10m: ${flags.pause}`);
  for (;;) {
    let [isOver, isWaiting] = [false, false];
    const exit = await move(address, flags, async standing => {
      const next = await nextMove(standing, flags);
      if ('why' in next) [isOver, isWaiting] = [next.isOver, !next.isOver];
      return next;
    });
    if (flags.all === undefined || isOver || (exit !== 0 && !isWaiting)) return isOver ? 0 : exit;
    await pause(isWaiting ? LOOK_MS : pauseMs);
  }
}

async function nextMove({ open, current, rollout }: Standing, { yes }: FleetEditFlags): Promise<Move> {
  const next = nextWave(rollout);
  if (!next) return { why: 'each wave was reached', isOver: true };
  if (rollout.isHalted && !yes)
    throw new Failure('the rollout is halted', 1, {
      remedy: 'take it back with fleet policy undo, or go on with --yes',
    });
  const reached = machinesOf(open.reports, open.kept.key).filter(({ report }) =>
    isForMachine({ rollout }, report.machine),
  );
  const behind = reached.filter(heard => !hasText(standingOf(heard, current.id)));
  if (behind.length > 0 && !yes)
    return {
      why: `not yet: ${behind.map(({ report }) => report.machine).join(', ')} without the text`,
      isOver: false,
    };
  const denied = await denialsOf(
    { open, current, rollout },
    new Set(reached.map(({ report }) => report.machine)),
  );
  const worst = denied[0]?.machines.length ?? 0;
  for (const { host, machines } of denied)
    note(
      `${host} was allowed in the last 7 days and is denied now on ${plural(machines.length, 'machine')}: ${machines.join(', ')}`,
    );
  if (worst <= rollout.maxMachines || yes) return { rollout: next, exit: 0 };
  note(`halted: more than ${plural(rollout.maxMachines, 'machine')}`);
  const halted = { ...rollout, isHalted: true };
  const why = `${denied[0]?.host ?? ''} is denied on ${plural(worst, 'machine')}`;
  return { rollout: halted, exit: 1, reason: `${rolloutWords(halted)}: ${why}`.slice(0, 400) };
}

/** The hosts that machines of the waves so far used before the rollout, and that they are denied since. */
async function denialsOf(
  { open, current }: Standing,
  machines: ReadonlySet<string>,
): Promise<readonly FreshDenial[]> {
  const { uses } = await fleetUses(open.session.link, open.session.tenant);
  const since = Date.parse((beginningOf(open.kept.chain) ?? current).value.at);
  return freshDenials(
    uses.filter(({ machine }) => machines.has(machine)),
    { since, usedSince: since - USED_MS },
  );
}

/** Puts the current text again with another state of its rollout, if nobody was faster. */
async function move(
  address: string,
  flags: FleetEditFlags,
  decide: (standing: Standing) => Promise<Move>,
): Promise<number> {
  let [rollout, exit]: [Rollout | null, number] = [null, 1];
  let { reason } = flags;
  const done = await changeFleet(address, flags, {
    change: async open => {
      const { current } = open.kept;
      if (!current?.value.rollout)
        return { type: 'unchanged', why: 'no rollout of this policy is under way' };
      const decided = await decide({ open, current, rollout: current.value.rollout });
      if ('why' in decided) return { type: 'unchanged', why: decided.why };
      [rollout, exit] = [decided.rollout, decided.exit];
      reason ??= decided.reason ?? rolloutWords(decided.rollout);
      return { type: 'unchanged', why: rolloutWords(decided.rollout) };
    },
    terms: () =>
      rollout === null
        ? { mayInterrupt: true }
        : { rollout, mayInterrupt: true, mayRepeat: true, ...(reason === undefined ? {} : { reason }) },
  });
  return rollout === null ? done : Math.max(done, exit);
}
