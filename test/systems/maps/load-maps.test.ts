import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../../src/core/problem.ts';
import { loadMaps, mapFolder } from '../../../src/systems/maps/load-maps.ts';
import { readShippedMaps } from '../../../src/systems/maps/shipped-maps.ts';
import type { Places } from '../../../src/systems/system.ts';
import { newFolder } from '../../sources/folder.ts';

const mapOf = (name: string, host = 'dst'): string => `name: ${name}
when: { kind: egress }
host: ${host}
verdict:
  - deny: { act: no }
samples:
  - { line: '{"kind":"egress","${host}":"a.example","act":"no"}', verdict: deny, host: a.example }
`;

/** A machine whose configuration folder holds these maps. */
function placesWith(files: Readonly<Record<string, string>>): Places {
  const config = newFolder();
  const folder = join(config, 'egresstop', 'maps');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { home: null, cwd: config, tmp: config, env: { XDG_CONFIG_HOME: config }, stateDir: null };
}

const SHIPPED = (await readShippedMaps()).map(({ name }) => name);

describe('the maps in use', () => {
  it('the operator’s maps come before those of the package, and a map of --map before both', async () => {
    const places = placesWith({ 'b.yaml': mapOf('beta'), 'a.yml': mapOf('alpha'), 'notes.txt': 'x' });
    const named = join(newFolder(), 'own.yaml');
    writeFileSync(named, mapOf('own'));
    const { maps, problems } = await loadMaps([named], places);
    expect(problems).toEqual([]);
    expect(maps.map(({ name }) => name)).toEqual(['own', 'alpha', 'beta', ...SHIPPED]);
  });

  it('an operator’s map replaces the one of the package that has its name', async () => {
    const { maps } = await loadMaps([], placesWith({ 'leash.yaml': mapOf('leash', 'target') }));
    expect(maps.filter(({ name }) => name === 'leash')).toMatchObject([
      { fields: { host: [{ path: { text: 'target' } }] } },
    ]);
    expect(maps).toHaveLength(SHIPPED.length);
  });

  it('a broken map is a problem with its place, and all others are in use', async () => {
    const places = placesWith({
      'a.yaml': mapOf('alpha').replace('host: dst', 'hots: dst'),
      'b.yaml': mapOf('beta'),
      'c.yaml': mapOf('gamma').replace('verdict: deny', 'verdict: allow'),
      'd.yaml': mapOf('beta'),
      'e.yaml': mapOf('zeph'),
    });
    const { maps, problems } = await loadMaps(['/nonexistent.yaml'], places);
    expect(maps.map(({ name }) => name)).toEqual(['beta', ...SHIPPED]);
    const told = problems.map(describeProblem).join('\n');
    for (const part of [
      '/nonexistent.yaml: error: the map cannot be read: does not exist',
      'a.yaml:3:1: error: a map has no key hots: did you mean host?',
      'c.yaml:7: error: the sample is deny, not allow',
      'd.yaml: error: ',
      'e.yaml: error: zeph is the name of a built-in system',
    ])
      expect(told).toContain(part);
  });

  it('the folder is that of XDG, else .config of the home, else none', () => {
    expect(mapFolder({ home: '/h', env: { XDG_CONFIG_HOME: '/c' } })).toBe('/c/egresstop/maps');
    expect(mapFolder({ home: '/h', env: { XDG_CONFIG_HOME: 'c' } })).toBe('/h/.config/egresstop/maps');
    expect(mapFolder({ home: '/h', env: {} })).toBe('/h/.config/egresstop/maps');
    expect(mapFolder({ home: null, env: {} })).toBeNull();
  });
});
