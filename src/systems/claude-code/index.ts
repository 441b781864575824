import { sawSandboxedTraffic } from '../policy-text/upstream-proof.ts';
import type { System } from '../system.ts';
import { withoutLog } from '../without-log.ts';
import { settingsFiles } from './settings-files.ts';

/** An agent that runs Bash commands in a sandbox, whose proxy rules by the lists of several settings files. */
export const claudeCode: System = {
  ...withoutLog('claude-code'),
  name: 'claude-code',
  ownFolder: '.claude',
  policies: async places => (await settingsFiles(places.cwd, places)).map(({ path }) => path),
  mayRead: (_, path) => /\.json$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).claudeDialect,
  together: async (path, places) => (await import('./beside.ts')).ruledTogether(path, places),
  activation: {
    type: 'restart',
    advice: () =>
      'not known to be in force: start a new session of Claude Code; some versions do not follow the file while they run',
    acknowledges: null,
    provenBy: sawSandboxedTraffic,
  },
};
