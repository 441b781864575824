import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineDecoder } from '../../src/reading/line-decoder.ts';
import { FlaggedSpool } from '../../src/commands/simulate/flagged-spool.ts';
import { SimulationRun } from '../../src/commands/simulate/simulation-run.ts';
import type { JudgeOptions, Policy } from '../../src/core/policy/dialect.ts';
import { Simulation } from '../../src/core/what-if/simulation.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { fixturePath } from './program.ts';

/*
 * A log that is exported as a replay file is ruled on by every policy, under every matcher and mode, as the log itself is.
 */

const DIALECTS = await Promise.all(SYSTEMS.map(system => system.dialect()));
const LOGS = readdirSync(fixturePath('')).filter(name => name.endsWith('.jsonl'));

const POLICIES: readonly (readonly [name: string, policy: Policy, options: JudgeOptions])[] = readdirSync(
  fixturePath(''),
)
  .filter(name => /\.(?:yaml|json|toml)$/.test(name))
  .flatMap(name => {
    const [path, text] = [join(fixturePath(''), name), readFileSync(fixturePath(name), 'utf8')];
    const dialect = DIALECTS.find(found => found.claims(text, path));
    const parsed = dialect?.parse(text, path);
    if (!dialect || parsed?.type !== 'valid') return [];
    const matchers = dialect.matchers.length > 0 ? dialect.matchers : [undefined];
    return matchers.flatMap(matcher =>
      (['strict', 'guarded'] as const).map(
        mode =>
          [
            `${name} ${matcher ?? ''} ${mode}`,
            parsed.policy,
            matcher === undefined ? { mode } : { mode, matcher },
          ] as const,
      ),
    );
  });

interface Ruled {
  readonly counts: Simulation['counts'];
  readonly exported: readonly string[];
}

async function ruleOn(lines: readonly string[], policy: Policy, options: JudgeOptions): Promise<Ruled> {
  const simulation = new Simulation({ policy, options, otherMatchers: [], other: null });
  let exported = '';
  await using flagged = new FlaggedSpool();
  const run = new SimulationRun({
    systems: SYSTEMS,
    decoder: new LineDecoder(SYSTEMS),
    isSelected: () => true,
    simulation,
    flagged,
    lookup: null,
    replay: { write: async text => void (exported += text) },
  });
  await run.take({ source: 'log.jsonl', first: 1, lines });
  return { counts: simulation.counts, exported: exported.trimEnd().split('\n') };
}

describe.each(LOGS)('%s', log => {
  const lines = readFileSync(fixturePath(log), 'utf8').trimEnd().split('\n');

  it.each(POLICIES)('a replay under %s gives the rulings of the log', async (_, policy, options) => {
    const { counts, exported } = await ruleOn(lines, policy, options);
    expect(Object.values(counts).some(count => count > 0)).toBe(true);
    const again = await ruleOn(exported, policy, options);
    expect(again.counts).toEqual(counts);
    expect(again.exported).toEqual(exported);
  });
});
