import { join } from 'node:path';
import { sawSandboxedTraffic } from '../policy-text/upstream-proof.ts';
import { standingFiles } from '../standing-files.ts';
import type { Places, System } from '../system.ts';
import { withoutLog } from '../without-log.ts';
import { decodeEvent, eventsIn, isEvent, readDebugLine, unknownDecision } from './log/decode.ts';

/** The configuration of the project, and that of the user: `$CODEX_HOME` stands in the place of `~/.codex`. */
async function policies({ home, cwd, env }: Places): Promise<readonly string[]> {
  const named = env['CODEX_HOME'];
  const user = named !== undefined && named !== '' ? named : home === null ? null : join(home, '.codex');
  return standingFiles([join(cwd, '.codex', 'config.toml'), user && join(user, 'config.toml')]);
}

/** An agent whose commands reach the network through a proxy, which rules by the domains of a permission profile. */
export const codex: System = {
  ...withoutLog('codex'),
  name: 'codex',
  ownFolder: '.codex',
  recognises: record => isEvent(record) || (eventsIn(record)?.length ?? 0) > 0,
  readText: readDebugLine,
  decode: decodeEvent,
  unruled: unknownDecision,
  snapshots: () => eventsIn,
  policies,
  mayRead: (text, path) => /\.toml$/i.test(path) && (text.includes('permissions') || path.includes('.codex')),
  dialect: async () => (await import('./policy/dialect.ts')).codexDialect,
  activation: {
    type: 'restart',
    advice: () => 'in force at the next start: Codex reads its configuration when a session begins',
    acknowledges: null,
    provenBy: sawSandboxedTraffic,
  },
};
