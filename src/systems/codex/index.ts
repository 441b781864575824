import { sawSandboxedTraffic } from '../policy-text/upstream-proof.ts';
import type { System } from '../system.ts';
import { withoutLog } from '../without-log.ts';
import { configLayers } from './config-files.ts';
import { decodeEvent, eventsIn, isEvent, readDebugLine, unknownDecision } from './log/decode.ts';

/** An agent whose commands use a network proxy, which rules by the domains of a permission profile. */
export const codex: System = {
  ...withoutLog('codex'),
  name: 'codex',
  ownFolder: '.codex',
  recognises: record => isEvent(record) || (eventsIn(record)?.length ?? 0) > 0,
  readText: readDebugLine,
  decode: decodeEvent,
  unruled: unknownDecision,
  snapshots: () => eventsIn,
  policies: async places => (await configLayers(places.cwd, places)).map(({ path }) => path),
  together: async (path, places) => (await import('./beside.ts')).ruledTogether(path, places),
  mayRead: (text, path) => /\.toml$/i.test(path) && (text.includes('permissions') || path.includes('.codex')),
  dialect: async () => (await import('./policy/dialect.ts')).codexDialect,
  activation: {
    type: 'restart',
    advice: () => 'in force at the next start: Codex reads its configuration when a session begins',
    acknowledges: null,
    provenBy: sawSandboxedTraffic,
  },
};
