import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/event.ts';
import { recordTest } from '../../../src/core/maps/conditions.ts';
import { readLogfmt } from '../../../src/core/maps/logfmt.ts';
import { JsonTexts } from '../../../src/core/maps/map-path.ts';
import { describeProblem } from '../../../src/core/problem.ts';
import { systemOf } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { sampleProblems } from '../../../src/systems/maps/check-samples.ts';
import { shapesOf } from '../../../src/systems/maps/map-shapes.ts';
import { mapSystem } from '../../../src/systems/maps/map-system.ts';
import { readShippedMaps } from '../../../src/systems/maps/shipped-maps.ts';
import { naiveVerdict } from './naive-verdict.ts';
import { runs } from '../../runs.ts';

const MAPS = await readShippedMaps();
const ALL = [...SYSTEMS, ...MAPS.map(mapSystem)];
const ORIGIN = { source: 'a.jsonl', agent: null };

it('the program has each map of the package with the shapes of its records', () => {
  const built = readFileSync(new URL('../../../dist/systems/maps/shipped.json', import.meta.url), 'utf8');
  expect(JSON.parse(built)).toEqual(MAPS.map(map => ({ ...map, shapes: shapesOf(map) })));
});

it('the package has a map for each of these logs', () => {
  expect(MAPS.map(({ name }) => name)).toEqual([
    'agent-sandbox',
    'agentwall',
    'aws-network-firewall',
    'boundary',
    'envoy',
    'hubble',
    'leash',
    'opensnitch',
    'smokescreen',
    'suricata',
  ]);
});

describe.each(MAPS.map(map => ({ name: map.name, map })))('$name', ({ map }) => {
  const records = map.samples.map(({ line }) =>
    map.text === 'json' ? (JSON.parse(line) as JsonObject) : (readLogfmt(line)?.record ?? {}),
  );

  it('reads each of its samples as the sample says', () => {
    expect(sampleProblems(map).map(describeProblem)).toEqual([]);
  });

  it('the map has a sample for each verdict, each thing to ignore and each shape that it names', () => {
    const unmet = [...map.verdict.map(({ when }) => when), ...map.ignore, ...map.when].filter(
      conditions => !records.some(recordTest(conditions, new JsonTexts())),
    );
    expect(unmet).toEqual([]);
  });

  it('its records are taken by no other system', () => {
    for (const [index, record] of records.entries())
      if (map.samples[index]?.verdict !== 'foreign')
        expect([index, systemOf(record, ALL)?.name]).toEqual([index, map.name]);
  });

  it('gives no record a verdict that no condition gave, whatever field is changed', () => {
    const system = mapSystem(map);
    const words = fc.oneof(
      fc.constantFrom(
        'allow',
        'deny',
        'allowed',
        'blocked',
        'FORWARDED',
        'DROPPED',
        true,
        false,
        null,
        '',
        'x',
        0,
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.nat(), words, (record, place, value) => {
        const changed = withChange(record, place, value);
        if (!system.recognises(changed)) return;
        const { verdict } = system.decode(changed, ORIGIN);
        expect([verdict, changed]).toEqual([naiveVerdict(map, changed), changed]);
      }),
      { numRuns: runs(2_500) },
    );
  });
});

/** The record with one of its values, at any depth, replaced. */
function withChange(record: JsonObject, place: number, value: unknown): JsonObject {
  const copy = structuredClone(record) as Record<string, unknown>;
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const collect = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      const inner = holder[key];
      if (typeof inner === 'object' && inner !== null) collect(inner as Record<string, unknown>);
    }
  };
  collect(copy);
  const chosen = places[place % places.length];
  if (chosen) chosen.holder[chosen.key] = value;
  return copy;
}
