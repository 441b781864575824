import type { Dialect, JudgeOptions, MediationMode } from '../../core/policy/dialect.ts';
import { misuse } from '../../core/failure.ts';
import type { EntryFlags } from './flag-lists.ts';

/** The flags `--mode` and `--matcher`. */
export interface JudgeFlags {
  readonly mode?: MediationMode;
  readonly matcher?: string;
}

/** Wrong usage: mode `off` rules on nothing, so policies and entries make no sense with it. */
export function refuseOff({
  mode,
  ...named
}: Pick<JudgeFlags, 'mode'> & EntryFlags & { readonly policy?: string }): void {
  if (mode !== 'off') return;
  for (const flag of ['policy', 'allow', 'passthrough'] as const)
    if (named[flag] !== undefined) throw misuse(`--mode off rules on nothing: it takes no --${flag}`);
}

/**
 * The options for judging a policy of this dialect: the flags, else its first mode and matcher. A flag that the dialect does not know is
 * wrong usage.
 */
export function judgeOptions(flags: JudgeFlags, dialect: Dialect): JudgeOptions {
  check('mode', flags, { known: dialect.modes, system: dialect.name });
  check('matcher', flags, { known: dialect.matchers, system: dialect.name });
  return knownOptions(flags, dialect);
}

/** The flags with a mediator's mode, if they have no mode and the dialect knows that one. */
export const inModeOf = <Flags extends JudgeFlags>(
  mode: MediationMode | null,
  flags: Flags,
  { modes }: Dialect,
): Flags => (mode !== null && modes.includes(mode) ? { mode, ...flags } : flags);

/** The same without errors: unknown flags are ignored, for a second policy of possibly another system. */
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
