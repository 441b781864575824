import { join } from 'node:path';
import { sawSandboxedTraffic } from '../policy-text/upstream-proof.ts';
import { standingFiles } from '../standing-files.ts';
import type { Places, System } from '../system.ts';
import { withoutLog } from '../without-log.ts';
import { decodeDebug, isDebugRecord, readDebugLine } from './log/decode.ts';

/** The path of the settings of `srt` (`getDefaultConfigPath` in `cli.ts`). */
const policies = ({ home }: Places): Promise<readonly string[]> =>
  standingFiles([home === null ? null : join(home, '.srt-settings.json')]);

/** A sandbox for single commands. Its proxy rules by the two lists in its settings. */
export const sandboxRuntime: System = {
  ...withoutLog('sandbox-runtime'),
  name: 'sandbox-runtime',
  recognises: isDebugRecord,
  readText: readDebugLine,
  decode: decodeDebug,
  policies,
  mayRead: (_, path) => /\.json$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).sandboxRuntimeDialect,
  activation: {
    type: 'restart',
    advice: () => 'in force at the next start: srt reads its settings once, when it is started',
    acknowledges: null,
    provenBy: sawSandboxedTraffic,
  },
};
