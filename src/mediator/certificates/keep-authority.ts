import type { AuditSocket } from '../audit/audit-socket.ts';
import { describeFailure } from '../origin/dial.ts';
import type { LiveAuthority } from './live-authority.ts';
import type { Recorder } from '../audit/recorder.ts';

/** How often the authority is looked at: far more often than the two hours before its end in which it signs no more. */
const LOOK_MS = 10 * 60_000;

/** Looks after a running mediator's authority: now, from time to time, until told to stop. */
export interface AuthorityKeeper {
  readonly look: () => Promise<void>;
  readonly stop: () => void;
}

/** Takes up a successor or a replacement, with a record, and sends holders the new roots. */
export function keepAuthority(
  authority: LiveAuthority,
  recorder: Recorder,
  socket: AuditSocket,
): AuthorityKeeper {
  const look = async (): Promise<void> => {
    try {
      if (!(await authority.refresh())) return;
      recorder.record({ event: 'egress_authority_changed', until: new Date(authority.until).toISOString() });
      socket.trustChanged();
    } catch (error) {
      recorder.record({ event: 'egress_authority_trouble', error: describeFailure(error) }); // the old one goes on
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return { look, stop: () => clearInterval(timer) };
}
