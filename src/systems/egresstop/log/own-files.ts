import { join } from 'node:path';
import type { Places } from '../../system.ts';

/** The default paths of the mediator's files, by the XDG base directory specification. */
export interface OwnFiles {
  /** `$XDG_RUNTIME_DIR/egresstop/mediator.sock`, else in this user's own folder in the temporary folder. */
  readonly socket: string;
  readonly audit: string;
  readonly policy: string;
  /** The folder of the certificate authority. */
  readonly authority: string;
}

/** The default paths. A relative path in an XDG variable is ignored, as the specification demands. */
export function ownFiles({ env, home, tmp }: Places, user: number | undefined): OwnFiles {
  const own = join(tmp, `egresstop-${user ?? 0}`);
  const place = (variable: string, underHome: string): string => {
    const named = env[variable];
    if (named !== undefined && named.startsWith('/')) return join(named, 'egresstop');
    return home === null ? own : join(home, underHome, 'egresstop');
  };
  const runtime = env['XDG_RUNTIME_DIR'];
  const runs = runtime !== undefined && runtime.startsWith('/') ? join(runtime, 'egresstop') : own;
  return {
    socket: join(runs, 'mediator.sock'),
    audit: join(place('XDG_STATE_HOME', '.local/state'), 'audit.jsonl'),
    policy: join(place('XDG_CONFIG_HOME', '.config'), 'policy.yaml'),
    authority: place('XDG_DATA_HOME', '.local/share'),
  };
}
