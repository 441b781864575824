import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { DiscoveredSource, Places } from '../system.ts';

/** Where zeph looks for its configuration: `$ZEPH_CONFIG`, `config/default.toml` in its working directory, `~/.config/zeph/config.toml`. */
function configPaths(places: Places): readonly string[] {
  const named = places.env['ZEPH_CONFIG'];
  return [
    ...(named ? [named] : []),
    join(places.cwd, 'config', 'default.toml'),
    ...(places.home === null ? [] : [join(places.home, '.config', 'zeph', 'config.toml')]),
  ];
}

/** The audit file that the first readable configuration names in `[tools.audit] destination`. */
export async function discoverZeph(places: Places): Promise<readonly DiscoveredSource[]> {
  for (const path of configPaths(places)) {
    const text = await read(path);
    if (text === null) continue;
    const destination = auditDestination(text);
    if (destination === null || destination === 'stdout') return [];
    const base = path.endsWith('config/default.toml') ? dirname(dirname(path)) : places.cwd;
    return [
      {
        system: 'zeph',
        name: 'zeph',
        source: isAbsolute(destination) ? destination : join(base, destination),
        agent: null,
      },
    ];
  }
  return [];
}

/** The string at `[tools.audit] destination`; null when there is none or auditing is off. */
export function auditDestination(toml: string): string | null {
  const section =
    /^\s*\[\s*tools\s*\.\s*audit\s*\]\s*(?:#.*)?$([\s\S]*?)(?=^\s*\[|(?![\s\S]))/m.exec(toml)?.[1] ?? '';
  if (/^\s*enabled\s*=\s*false/m.test(section)) return null;
  const quoted = /^\s*destination\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/m.exec(section);
  return quoted?.[2] ?? quoted?.[1]?.replace(/\\(["\\])/g, '$1') ?? null;
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null; // the next place may have one
  }
}
