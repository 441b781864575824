import type { MediatorFlags } from './mediator-flags.ts';
import type { Confiner } from '../confine/confiners.ts';

/** The flags of `run`: those of `mediator` and those about the program. */
export interface RunFlags extends MediatorFlags {
  /** The program's name in the log; by default the command's name. */
  readonly agent?: string;
  readonly tool?: string;
  /** Whether `ALL_PROXY` gets the scheme of SOCKS5. */
  readonly socks?: boolean;
  /** Whether to run the program in a sandbox that can reach only the mediator, or which one. */
  readonly confine?: true | Confiner;
  /** Whether to record connections that bypass the mediator, as far as they are noticed. */
  readonly recordBypass?: boolean;
}
