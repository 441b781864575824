import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';

const LINES = readFileSync(new URL('../../../fixtures/sandbox-runtime-debug.log', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

function decoded(line: string) {
  const found = decodeLine(line, { source: 'a.log', agent: null }, SYSTEMS);
  if (found.type !== 'event') throw new Error(`${found.type}: ${line}`);
  return found.event;
}

it('each ruling of the fixture counts once, and what repeats it or only asks counts as nothing', () => {
  const events = LINES.map(decoded);
  expect(events.every(({ system }) => system === 'sandbox-runtime')).toBe(true);
  expect(
    events.filter(({ verdict }) => verdict !== null).map(({ verdict, host, port }) => [verdict, host, port]),
  ).toEqual([
    ['deny', 'pypi.org', 443],
    ['deny', 'files.pythonhosted.org', 443],
    ['allow', 'api.github.com', 443],
    ['allow', 'api.github.com', 443],
    ['deny', 'gist.github.com', 443],
    ['allow', 'docs.rs', 443],
    ['deny', 'evil.example', 8443],
    ['allow', 'registry.npmjs.org', 443],
    ['deny', 'a b.example', 443],
    ['allow', '::1', 8080],
  ]);
});

it.each([
  ['[SandboxDebug] Connection blocked to google.com:443', null],
  ['[SandboxDebug] No matching rule, asking user: google.com:443', null],
  ['[SandboxDebug] No config available, denying network request', 'deny'],
  ['[SandboxDebug] Allowed by config rule: google.com', null],
  ['[SandboxDebug] I say: Allowed by config rule: google.com:443', null],
  ['[SandboxDebug] Allowed by someone: google.com:443', null],
])('%s has the verdict %j', (line, verdict) => {
  expect(decoded(line).verdict).toBe(verdict);
});

it('a line that only quotes such a line is nobody’s', () => {
  const quoted = decodeLine(
    'echo [SandboxDebug] Allowed by config rule: a.example:443',
    { source: 'a', agent: null },
    SYSTEMS,
  );
  expect(quoted.type).toBe('malformed');
});
