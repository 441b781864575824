import type { DiscoveredSource, Inspected } from '../../discovered.ts';
import type { Places } from '../../system.ts';
import { isFile } from '../../is-file.ts';
import { type AuditDestination, configured } from './audit-destination.ts';

/** Finds the audit file in zeph's configuration, or the one of its full-screen mode. */
export async function discoverZeph(places: Places): Promise<readonly DiscoveredSource[]> {
  const found = await configured(places);
  const source = found ? await logOf(found.audit) : null;
  return source === null ? [] : [{ system: 'zeph', name: 'zeph', source, agent: null }];
}

async function logOf(audit: AuditDestination): Promise<string | null> {
  if (audit.type === 'file') return audit.path;
  return audit.type === 'stdout' && (await isFile(audit.tui)) ? audit.tui : null;
}

/** Reports where zeph's configuration sends its audit lines. The configuration of a running zeph cannot be observed. */
export async function inspectZeph(places: Places): Promise<readonly Inspected[]> {
  const found = await configured(places);
  if (!found) return [];
  const { summary, remedy } = described(found.audit);
  const source = await logOf(found.audit);
  return [
    {
      name: found.path,
      sources: source === null ? [] : [source],
      summary: remedy === null ? summary : `${summary}; ${remedy}`,
      differences: [],
      remedy,
      policyPath: null,
      revision: null,
      mode: null,
      next: null,
    },
  ];
}

interface Description {
  readonly summary: string;
  readonly remedy: string | null;
}

function described(audit: AuditDestination): Description {
  switch (audit.type) {
    case 'file':
      return { summary: `audit lines go to ${audit.path}`, remedy: null };
    case 'stdout':
      return {
        summary: 'audit lines go to stdout, where tracing text wraps them and nothing can read them back',
        remedy: 'set tools.audit.destination to a path',
      };
    case 'off':
      return { summary: 'auditing is off: no request is seen', remedy: 'set tools.audit.enabled to true' };
    case 'invalid':
      return { summary: `the configuration cannot be read: ${audit.why}`, remedy: 'mend it' };
  }
}
