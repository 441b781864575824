import type { Dialect, JudgeOptions, MediationMode } from '../../core/policy/dialect.ts';
import { misuse } from '../../core/failure.ts';
import type { EntryFlags } from './flag-lists.ts';

/** `--mode` and `--matcher`, as they were given. */
export interface JudgeFlags {
  readonly mode?: MediationMode;
  readonly matcher?: string;
}

/** Wrong usage: mediation that is off rules on nothing, so no policy and no entry can mean anything to it. */
export function refuseOff({
  mode,
  ...named
}: Pick<JudgeFlags, 'mode'> & EntryFlags & { readonly policy?: string }): void {
  if (mode !== 'off') return;
  for (const flag of ['policy', 'allow', 'passthrough'] as const)
    if (named[flag] !== undefined) throw misuse(`--mode off rules on nothing: it takes no --${flag}`);
}

/** How a policy of this dialect is judged: by the flags, else by its first mode and matcher. A flag that means nothing to it is wrong usage. */
export function judgeOptions(flags: JudgeFlags, dialect: Dialect): JudgeOptions {
  check('mode', flags, { known: dialect.modes, system: dialect.name });
  check('matcher', flags, { known: dialect.matchers, system: dialect.name });
  return knownOptions(flags, dialect);
}

/** The flags with the mode of a mediator, where they name none and the dialect knows that mode. */
export const inModeOf = <Flags extends JudgeFlags>(
  mode: MediationMode | null,
  flags: Flags,
  { modes }: Dialect,
): Flags => (mode !== null && modes.includes(mode) ? { mode, ...flags } : flags);

/** The same, passing by what means nothing to the dialect: for a second policy, which may be of another system. */
export function knownOptions({ mode, matcher }: JudgeFlags, { modes, matchers }: Dialect): JudgeOptions {
  const asMode = modes.find(known => known === mode) ?? modes[0];
  const asMatcher = matchers.find(known => known === matcher) ?? matchers[0];
  return {
    ...(asMode === undefined ? {} : { mode: asMode }),
    ...(asMatcher === undefined ? {} : { matcher: asMatcher }),
  };
}

function check(
  kind: keyof JudgeFlags,
  { [kind]: given }: JudgeFlags,
  { known, system }: { readonly known: readonly string[]; readonly system: string },
): void {
  if (given === undefined || known.includes(given)) return;
  throw misuse(
    known.length === 0
      ? `--${kind} means nothing to ${system} policies: leave it out`
      : `--${kind}: ${system} has no ${given} (there are ${known.join(', ')})`,
  );
}
