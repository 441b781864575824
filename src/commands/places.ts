import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { journalPath } from '../policy-file/journal/journal-place.ts';
import { withNatsFlags, type NatsFlags } from '../sources/nats/credential-files.ts';
import type { Places } from '../systems/system.ts';

/** The folders of this machine, from its environment. A flag with NATS credentials replaces the environment variable. */
export function placesOf(stateDir: string | undefined, nats: NatsFlags = {}): Places {
  return {
    home: homeOf(),
    cwd: process.cwd(),
    tmp: tmpdir(),
    daemonLogs: process.env['EGRESSTOP_DAEMON_LOGS'] ?? '/var/log',
    daemonConfig: process.env['EGRESSTOP_DAEMON_CONFIG'] ?? '/etc',
    env: withNatsFlags(process.env, nats),
    stateDir: stateDir ?? null,
  };
}

function homeOf(): string | null {
  try {
    return homedir() || null;
  } catch {
    return null; // no HOME and no passwd entry
  }
}

/** The default path of the journal, by XDG. */
export const ownJournal = (): string =>
  journalPath(process.env['XDG_STATE_HOME'], homeOf() ?? join(tmpdir(), 'egresstop'));

/** The author of an edit in the journal: `user@host`. */
export function actorOf(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? `uid ${process.getuid?.() ?? '?'}`; // a uid without a passwd entry, as in containers
  }
}
