import type { MediatorFlags } from './mediator-flags.ts';
import type { Confiner } from '../confine/confiners.ts';

/** The flags of `run`: those of `mediator`, and those for its program. */
export interface RunFlags extends MediatorFlags {
  /** The program's name in the log; its command's name unless given. */
  readonly agent?: string;
  readonly tool?: string;
  /** `ALL_PROXY` names the mediator as SOCKS5. */
  readonly socks?: boolean;
  /** Runs it where nothing but the mediator is reached. */
  readonly confine?: true | Confiner;
  /** Records connections that go round the mediator, as far as they are seen. */
  readonly recordBypass?: boolean;
}
