import { describe, expect, it } from 'vitest';
import { coverageOf, coverageWord } from '../../../src/core/policy/coverage.ts';
import type { Dialect, JudgeOptions } from '../../../src/core/policy/dialect.ts';
import { aasmDialect } from '../../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../../src/systems/orcarouter/policy/dialect.ts';
import { zephDialect } from '../../../src/systems/zeph/policy/dialect.ts';

function covered(dialect: Dialect, path: string, text: string, host: string, options: JudgeOptions = {}) {
  const parsed = dialect.parse(text, path);
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(({ why }) => why).join());
  const ruling = parsed.policy.judge({ host, address: null }, options);
  const coverage = coverageOf(ruling, parsed.policy);
  return `${coverage.type} ${coverageWord(coverage)}`;
}

const MICROAGENT = 'allow:\n  - .pypi.org\n';
const RULE =
  '{"priority":1,"stage":"egress","verdict":"deny","egress_json":"{\\"deny\\":[\\"evil.example\\"]}"}';
const ORCAROUTER = `{"name":"p","default_verdict":"deny","rules":[${RULE}]}`;

describe('what decides a host', () => {
  it.each([
    ['an entry', microagentDialect, 'p.yaml', MICROAGENT, 'files.pypi.org', 'entry .pypi.org'],
    [
      'the deny-all of a locked workspace',
      microagentDialect,
      'p.yaml',
      MICROAGENT,
      'x.example',
      'default default',
    ],
    ['no list of zeph', zephDialect, 'zeph.toml', '[tools.scrape]\n', 'x.example', 'default default'],
    [
      'a list of zeph',
      zephDialect,
      'zeph.toml',
      '[tools.scrape]\nallowed_domains = ["a.example"]\n',
      'x.example',
      'rule tools.scrape.allowed_domains',
    ],
    ['no network section of aasm', aasmDialect, 'p.yaml', 'version: "1"\n', 'x.example', 'nothing nothing'],
    [
      'the list of aasm',
      aasmDialect,
      'p.yaml',
      'network:\n  allowlist: [a.example]\n',
      'x.example',
      'rule network.allowlist',
    ],
    [
      'the default of orcarouter',
      orcarouterDialect,
      'p.json',
      ORCAROUTER,
      'x.example',
      'default default_verdict',
    ],
    [
      'a rule that somebody labelled a default',
      orcarouterDialect,
      'p.json',
      '{"rules":[{"verdict":"deny","label":"default block"}]}',
      'x.example',
      'rule default block',
    ],
    ['an entry of a rule', orcarouterDialect, 'p.json', ORCAROUTER, 'evil.example', 'entry evil.example'],
  ])(
    'the entry, rule or default that decides a host is named for %s',
    (_, dialect, path, text, host, wanted) => {
      expect(covered(dialect, path, text, host)).toBe(wanted);
    },
  );

  it('the default of a guarded workspace decides a host that no entry names', () => {
    expect(covered(microagentDialect, 'p.yaml', MICROAGENT, 'x.example', { mode: 'guarded' })).toBe(
      'default default',
    );
  });
});
