import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withFlags } from '../../../src/core/policy/flag-entries.ts';
import type { Policy } from '../../../src/core/policy/dialect.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';

const parsed = (text: string, dialect = microagentDialect): Policy => {
  const result = dialect.parse(text, 'policy.yaml');
  if (result.type === 'invalid') throw new Error('an invalid policy');
  return result.policy;
};
const listing = (allow: readonly string[], passthrough: readonly string[]): string =>
  JSON.stringify({ allow, passthrough });
const entry = fc.constantFrom('docs.rs', '.pypi.org', 'files.pypi.org', 'Docs.rs', '10.0.0.5', '.org');
const entries = fc.uniqueArray(entry, { maxLength: 4 });

it('a policy with entries of the command line rules as a file that lists both', () => {
  fc.assert(
    fc.property(entries, entries, entries, entries, entry, (one, two, three, four, host) => {
      const united = withFlags(microagentDialect, { allow: three, passthrough: four });
      const attempt = { host: host.replace(/^\./, 'x.'), address: null };
      const ruling = parsed(listing(one, two), united).judge(attempt);
      const whole = parsed(listing([...one, ...three], [...two, ...four])).judge(attempt);
      expect(ruling.verdict).toBe(whole.verdict);
      expect(ruling.interception).toBe(whole.interception);
    }),
  );
});

it('an entry of the command line has its flag for a place, and one of the file keeps its line', () => {
  const united = withFlags(microagentDialect, {
    allow: ['.docs.rs', 'DOCS.rs.'],
    passthrough: ['a.example'],
  });
  const { entries: all } = parsed('allow:\n  - docs.rs\n', united);
  expect(all.map(({ text, line, flag }) => [text, line, flag])).toEqual([
    ['docs.rs', 2, undefined],
    ['.docs.rs', 0, '--allow'],
    ['a.example', 0, '--passthrough'],
  ]);
});

it('a file that does not parse stays invalid beside entries of the command line', () => {
  const united = withFlags(microagentDialect, { allow: ['docs.rs'], passthrough: [] });
  expect(united.parse('allow: [', 'policy.yaml').type).toBe('invalid');
});
