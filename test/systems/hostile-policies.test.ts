import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/core/policy/dialect.ts';
import { aasmDialect } from '../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../src/systems/orcarouter/policy/dialect.ts';
import { sandboxRuntimeDialect } from '../../src/systems/sandbox-runtime/policy/dialect.ts';
import { sbxDialect } from '../../src/systems/sbx/policy/dialect.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { runs } from '../runs.ts';
import { zephDialect } from '../../src/systems/zeph/policy/dialect.ts';

const DEEP = 100_000;
const nested = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
const whyOf = (dialect: Dialect, text: string, path: string): string => {
  const parsed = dialect.parse(text, path);
  return parsed.type === 'invalid' ? parsed.problems.map(({ why }) => why).join('; ') : 'valid';
};

describe('a policy nested 100,000 deep is a problem, and no crash', () => {
  it.each([
    [microagentDialect, 'p.yaml', `allow: ${nested}\n`, 'nested deeper than 100'],
    [microagentDialect, 'p.yaml', `allow: ${'['.repeat(DEEP)}\n`, 'nested deeper than 100'],
    [microagentDialect, 'p.yaml', `${'- '.repeat(DEEP)}x\n`, 'nested deeper than 100'],
    [microagentDialect, 'p.json', `{"allow":${nested}}`, 'nested deeper than 100'],
    [aasmDialect, 'p.yaml', `network: ${nested}\n`, 'nested deeper than 100'],
    [orcarouterDialect, 'p.json', `{"rules":${nested}}`, 'nested deeper than 100'],
    [zephDialect, 'p.toml', `x = ${nested}\n`, 'nested too deep'],
  ] as const)('$0.name, $1', (dialect, path, text, why) => {
    expect(whyOf(dialect, text, path)).toContain(why);
  });
});

describe('aliases', () => {
  const laugh = Array.from({ length: 12 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');

  it.each([
    [microagentDialect, `${laugh}\nallow: *a11\n`],
    [aasmDialect, `${laugh}\nnetwork:\n  allowlist: *a11\n`],
    [aasmDialect, `spec:\n  network: {}\nmetadata:\n  labels: {${laugh.replaceAll('\n', ', ')}}\n`],
  ])('aliases of aliases are not unfolded', (dialect, text) => {
    expect(dialect.parse(text, 'p.yaml').problems.length).toBeLessThan(1_000);
  });

  it.each([
    [microagentDialect, 'allow:\n'],
    [aasmDialect, 'network:\n  allowlist:\n'],
  ])('tens of thousands of aliases are refused with their place', (dialect, head) => {
    const parsed = dialect.parse(`${head}  - &a x.example\n${'  - *a\n'.repeat(50_000)}`, 'p.yaml');
    expect(parsed).toMatchObject({
      type: 'invalid',
      problems: [{ why: expect.stringContaining('more than 1000 aliases'), line: expect.any(Number) }],
    });
  });

  it('aliases stand for the last node of their name before them; stars in a text are none', () => {
    const text = `allow:\n  - &a one.example\n  - *a\n  - &a two.example\n  - *a\n`;
    const parsed = microagentDialect.parse(text, 'p.yaml');
    expect(parsed.type === 'valid' && parsed.policy.entries.map(entry => entry.text)).toEqual([
      'one.example',
      'one.example',
      'two.example',
      'two.example',
    ]);
    const stars = `version: |\n${'  *a\n'.repeat(2_000)}network:\n  allowlist: ["*.x.example"]\n`;
    expect(aasmDialect.parse(stars, 'p.yaml').type).toBe('valid');
  });
});

it('the time for a JSON policy grows as the file does', () => {
  const entries = Array.from({ length: 40_000 }, (_, index) => `"host${index}.example"`);
  const started = performance.now();
  expect(whyOf(microagentDialect, `{"allow":[\n${entries.join(',\n')}]}`, 'p.json')).toBe('valid');
  expect(performance.now() - started).toBeLessThan(10_000);
});

it('no entry, whatever signs it holds, breaks the matcher of a system', async () => {
  const dialects = await Promise.all(SYSTEMS.map(({ dialect }) => dialect()));
  const sign = fc.constantFrom(
    ...String.raw`a-*.?[]{}()\!^$|+/:@#%,"' 1`.split(''),
    'é',
    '\u{1F600}',
    '\uFEFF',
    '\0',
  );
  const text = fc.array(sign, { maxLength: 8 }).map(signs => signs.join(''));
  fc.assert(
    fc.property(text, text, (entry, host) => {
      for (const dialect of dialects) expect(typeof dialect.covers(entry, host)).toBe('boolean');
    }),
    { numRuns: runs(1_000) },
  );
});

it.each([
  ['microagent', microagentDialect, 'p.json', '{"allow": []}'],
  [
    'sandbox-runtime',
    sandboxRuntimeDialect,
    '.srt-settings.json',
    '{"network": {"allowedDomains": [], "deniedDomains": []}}',
  ],
  ['sbx', sbxDialect, 'p.json', '{"rules": []}'],
] as const)('%s says of a JSON policy with a byte order mark to remove it', (_, dialect, path, text) => {
  const parsed = dialect.parse(`\uFEFF${text}`, path);
  expect(parsed).toMatchObject({
    type: 'invalid',
    problems: [
      {
        line: 1,
        column: 1,
        why: expect.stringContaining('begins with a byte order mark'),
        remedy: 'remove the byte order mark: save it as UTF-8 without one',
      },
    ],
  });
});
