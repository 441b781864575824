import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EntryChange, EntryEdit } from '../../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';
import { aasmDialect } from '../../../../src/systems/aasm/policy/dialect.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { changedLines } from '../../../policy-file/changed-lines.ts';
import { entriesOf, policyOf, problemsOf } from './policy-of.ts';

const { claims, covers, format, forms, parse, plan, sameEntry, warn } = aasmDialect;
const FIXTURE = readFileSync(new URL('../../../fixtures/aasm.yaml', import.meta.url), 'utf8');

const add = (entry: string): EntryChange => ({ type: 'add', list: 'allow', entry });
const remove = (entry: string): EntryChange => ({ type: 'remove', list: 'allow', entry });

function edited(text: string, edit: EntryEdit, path = 'policy.yaml'): string {
  const outcome = editPolicy({ text, path, dialect: aasmDialect }, edit);
  if (outcome.type !== 'edited') throw new Error(JSON.stringify(outcome));
  return outcome.text;
}

describe('the fixture', () => {
  it('lists its entries with their places, as written', () => {
    expect(entriesOf(FIXTURE).map(({ text, line, column }) => [text, line, column])).toEqual([
      ['api.openai.com', 15, 9],
      ['api.anthropic.com', 16, 9],
      ['*.githubusercontent.com', 17, 9],
      ['docs.rs', 18, 9],
      ['API.GitHub.com', 19, 11],
      ['[2001:db8::1]', 20, 9],
      ['10.0.0.5', 21, 9],
      ['api.ports.example:8443', 22, 9],
    ]);
  });

  it('each entry that does not match, or opens more than it seems, has a warning', () => {
    expect(problemsOf(FIXTURE)).toEqual([
      "policy.yaml:17:9: warning: *.githubusercontent.com: opens a multi-tenant domain: anybody can get a name there (name your own tenant's host)",
      'policy.yaml:20:9: warning: [2001:db8::1]: matches in the gateway, never at the proxy, which takes the brackets off (remove it)',
      'policy.yaml:21:9: warning: 10.0.0.5: opens an inside address (private), though the proxy refuses it whatever its list says (remove it unless the agent must reach it)',
      'policy.yaml:22:9: warning: api.ports.example:8443: never matches: an entry has no port (write api.ports.example)',
    ]);
  });

  it('keeps every line but the one that is named', () => {
    expect(changedLines(FIXTURE, edited(FIXTURE, [add('new.example')]))).toEqual(['+      - new.example']);
    expect(changedLines(FIXTURE, edited(FIXTURE, [remove('*.githubusercontent.com')]))).toEqual([
      '-      - "*.githubusercontent.com"      # raw. and objects.',
    ]);
    expect(changedLines(FIXTURE, edited(FIXTURE, [remove('api.github.com')]))).toEqual([
      '-      -   API.GitHub.com               # case does not matter here',
    ]);
    expect(
      changedLines(FIXTURE, edited(FIXTURE, [{ ...add('a.example'), until: Date.UTC(2026, 10, 20, 18) }])),
    ).toEqual(['+      - a.example  # egresstop: until 2026-11-20T18:00:00Z']);
  });

  it('knows the end of a grant that was written', () => {
    const until = Date.UTC(2026, 10, 20, 18);
    const text = edited(FIXTURE, [{ ...add('a.example'), until }]);
    expect(entriesOf(text).at(-1)).toMatchObject({ text: 'a.example', until });
    expect(edited(text, [remove('a.example')])).toBe(FIXTURE);
  });

  it('a policy is the same after an addition and its removal', () => {
    expect(edited(edited(FIXTURE, [add('new.example')]), [remove('new.example')])).toBe(FIXTURE);
  });
});

describe('a list that is missing is made, in the form of the document', () => {
  it.each([
    ['version: "1"\n', ['+network:', '+  allowlist:', '+    - a.example']],
    ['spec:\n  version: "1"\n# tail\n', ['+  network:', '+    allowlist:', '+      - a.example']],
    ['spec:\n  network:\n  tools: {}\n', ['+    allowlist:', '+      - a.example']],
    ['network: {}\n', ['-network: {}', '+network: {allowlist: [a.example]}']],
    ['network:\n  allowlist: []\n', ['-  allowlist: []', '+  allowlist:', '+    - a.example']],
    [
      'network: null # why\n',
      ['-network: null # why', '+network: # why', '+  allowlist:', '+    - a.example'],
    ],
    ['spec: {network: null}\n', ['-spec: {network: null}', '+spec: {network: {allowlist: [a.example]}}']],
    ['{}\n', ['-{}', '+{"network": {"allowlist": ["a.example"]}}']],
  ])('a missing list is made in the form of the document: %j', (text, lines) => {
    const after = edited(text, [add('a.example')]);
    expect(changedLines(text, after)).toEqual(lines);
    expect(entriesOf(after).map(({ text }) => text)).toEqual(['a.example']);
  });
});

describe('what the gateway would refuse is refused in its words, at its place', () => {
  it.each([
    [
      'netwrok: {}',
      '1:1',
      "netwrok — unknown top-level key 'netwrok'; valid keys are: version, scope, network, schedule, budget, data, tools, capabilities, filesystem, syscalls, approval_timeout_secs, approval",
    ],
    [
      'spec:\n  network:\n    blocklist: []',
      '3:5',
      "network.blocklist — unknown key 'blocklist' in the 'network' policy section; a typo here would silently drop the intended restriction, so the document is rejected rather than loaded fail-open",
    ],
    ['network:\n  allowlist:\n    - ""', '3:7', 'network.allowlist[0] — allowlist entry must not be empty'],
    ['network: {allowlist: [a, " "]}', '1:26', 'network.allowlist[1] — allowlist entry must not be empty'],
    [
      'rules: []',
      '1:1',
      "rules — unsupported rule-list policy schema (top-level 'rules:'); the gateway uses a section-based schema (network/schedule/budget/data/tools/capabilities) and refuses to load this document to avoid an allow-all fallback",
    ],
    ['network: {}\n---\nnetwork: {}', '2:1', 'line 2: (document) — YAML parse error: more than one document'],
    ['network: [', '1:10', 'line 1: (document) — YAML parse error: a [ is not closed'],
    [
      'network:\n  allowlist: []\n  allowlist: []',
      '3:3',
      'line 3: (document) — YAML parse error: the key allowlist stands there twice',
    ],
    ['network: []', '1:10', '(document) — YAML parse error: network: invalid type: sequence, expected a map'],
    [
      'network: {allowlist: a.example}',
      '1:22',
      'network.allowlist: invalid type: string "a.example", expected a sequence',
    ],
    [
      'network: {allowlist: [7]}',
      '1:23',
      'network.allowlist[0]: invalid type: integer `7`, expected a string',
    ],
    [
      'network: {allowlist: [~]}',
      '1:23',
      'network.allowlist[0]: invalid type: unit value, expected a string',
    ],
    ['', '1:1', '(document) — YAML parse error: invalid type: unit value, expected struct RawPolicyDocument'],
    ['- a', '1:1', '(document) — YAML parse error: invalid type: sequence'],
    ['spec: x', '1:7', '(document) — YAML parse error: invalid type: string "x"'],
    ['spec:', '1:1', "spec — unknown top-level key 'spec'"],
    [
      'spec: {}\nnetwork: {allowlist: []}',
      '2:1',
      "network — stands beside 'spec', where the gateway drops it without a word: what it restricts is not restricted",
    ],
    [
      'metadata: {version: 1.0}\nspec: {}',
      '1:21',
      "metadata.version — must be a text: else the gateway does not take this for an envelope, and rejects 'spec' as an unknown top-level key",
    ],
    ['version: 1', '1:10', 'version: invalid type: integer `1`, expected a string'],
    ['scope: project:x', '1:8', 'scope: invalid policy scope "project:x"'],
    ['tools: {shell: }', '1:9', 'tools.shell: invalid type: unit value'],
    [
      'tools: {shell: {alow: true}}',
      '1:17',
      "tools.shell.alow — unknown key 'alow' in the 'tools.shell' policy section",
    ],
    [
      'tools: {shell: {allow: yes}}',
      '1:24',
      'tools.shell.allow: invalid type: string "yes", expected a boolean',
    ],
    [
      'tools: {shell: {requires_approval_if: " "}}',
      '1:39',
      'tools.shell.requires_approval_if — CEL expression must not be empty',
    ],
    ['capabilities: {deny: [network]}', '1:23', "capabilities.deny[0] — unknown capability: 'network'"],
    [
      'capabilities: {deny: ["mcp_tool:"]}',
      '1:23',
      'capabilities.deny[0] — mcp_tool: name must not be empty',
    ],
    ['budget: {daily_limit_usd: 0}', '1:27', 'budget.daily_limit_usd — must be greater than 0'],
    [
      'budget: {daily_limit_usd: 9, monthly_limit_usd: 3}',
      '1:49',
      'budget.monthly_limit_usd — must be >= daily_limit_usd',
    ],
    [
      'budget: {action_on_exceed: stop}',
      '1:28',
      "budget.action_on_exceed — must be 'deny' or 'suspend', got 'stop'",
    ],
    [
      'budget: {timezone: Nowhere/City}',
      '1:20',
      "budget.timezone — 'Nowhere/City' is not a valid IANA timezone name",
    ],
    [
      'data: {credential_action: drop}',
      '1:27',
      "data.credential_action — must be 'block', 'redact_only', 'alert_only', or 'alert_and_redact', got 'drop'",
    ],
    [
      'schedule: {active_hours: {start: "09:00"}}',
      '1:26',
      'schedule.active_hours.end — required when active_hours is present',
    ],
    [
      'schedule: {active_hours: {start: "9:00", end: "17:00", timezone: UTC}}',
      '1:26',
      'schedule.active_hours.start — must be in HH:MM 24-hour format',
    ],
    [
      'schedule: {active_hours: {start: "19:00", end: "17:00", timezone: UTC}}',
      '1:26',
      'schedule.active_hours — start must be earlier than end',
    ],
    [
      'schedule: {active_hours: {start: "09:00", end: "17:00", timezone: Mars}}',
      '1:26',
      'schedule.active_hours.timezone — must be a valid IANA timezone (e.g. America/New_York)',
    ],
    ['approval_timeout_secs: 0', '1:24', 'approval_timeout_secs — must be greater than 0'],
    ['approval_timeout_secs: -1', '1:24', 'approval_timeout_secs: invalid type: integer `-1`, expected u32'],
    ['syscalls: {allow: [fork]}', '1:20', "syscalls.allow[0] — unknown syscall 'fork'"],
    [
      'filesystem: {exec: {}}',
      '1:14',
      "filesystem.exec — unknown key 'exec' in the 'filesystem' policy section",
    ],
    ['constructor: {}', '1:1', "constructor — unknown top-level key 'constructor'"],
  ])('%j at %s: %s', (text, place, why) => {
    const parsed = parse(text, 'policy.yaml');
    const [first = ''] = problemsOf(text);
    expect(parsed.type).toBe('invalid');
    expect(first).toContain(
      `policy.yaml:${place}: error: ${why.startsWith('(') || why.includes(' — ') ? why : ''}`,
    );
    expect(first).toContain(why);
    expect(parsed.problems[0]?.remedy).toBeTruthy();
  });

  it.each([
    [
      'an envelope with labels and any kind',
      'apiVersion: x/y\nkind: Thing\nmetadata: {labels: {a: 1}}\nspec: {network: {allowlist: [a]}}',
    ],
    ['an empty flat document', '{}'],
    [
      'every section',
      'version: "1"\nscope: global\nnetwork: {allowlist: [a]}\nschedule: {active_hours: {start: "09:00", end: "17:00", timezone: Europe/Berlin}}\nbudget: {daily_limit_usd: 1.5, org_monthly_limit_usd: 3, window: 5s}\ndata: {sensitive_patterns: ["\\\\d"], credential_action: alert_and_redact}\ntools: {"*": {allow: false}}\ncapabilities: {allow: ["mcp_tool:x"]}\nfilesystem: {read: {allow: [/tmp]}}\nsyscalls: {allow: [read]}\napproval_timeout_secs: 30\napproval: {timeout_seconds: 3, escalation_role: ops}',
    ],
    ['empty sections', 'network:\ntools:\nbudget:\nschedule: {active_hours: }'],
    ['an anchored list', 'version: &v "1"\nnetwork: {allowlist: &l [*v]}\nsyscalls: {allow: []}'],
    ['CRLF and a BOM', '\ufeffnetwork:\r\n  allowlist:\r\n    - a.example\r\n'],
  ])('the gateway accepts %s, and so does the reader', (_, text) => {
    expect(problemsOf(text).filter(problem => problem.includes(': error: '))).toEqual([]);
  });

  it('a file that is no YAML is not read', () => {
    expect(format('policy.json')).toBeNull();
    expect(problemsOf('{}', 'policy.json')).toEqual([
      'policy.json: error: aasm reads policies from YAML files alone (name the file *.yaml)',
    ]);
  });
});

describe('the lint says what validates and never does what it seems to', () => {
  const lintOf = (...entries: readonly string[]): readonly string[] =>
    problemsOf(`network:\n  allowlist: ${JSON.stringify(entries)}\n`).map(problem =>
      problem.replace(/^.*?warning: /, ''),
    );

  it.each([
    [
      'https://a.example/x',
      'https://a.example/x: never matches: it is a URL; entries are names (write a.example)',
    ],
    ['a.example:443', 'a.example:443: never matches: an entry has no port (write a.example)'],
    [
      ' a.example',
      ' a.example: has blanks around it: the gateway never matches it, the proxy cuts them off (write a.example)',
    ],
    ['*x.a.example', '*x.a.example: never matches: a wildcard is one `*.` at the start (write *.a.example)'],
    ['a.*.example', 'a.*.example: never matches: a wildcard is one `*.` at the start (remove it)'],
    ['.a.example', '.a.example: never matches: a leading dot means nothing here (write *.a.example)'],
    [
      'a.example.',
      'a.example.: matches only hosts written with a dot at the end, and none at the proxy (write a.example)',
    ],
    [
      '[2606:4700::1]',
      '[2606:4700::1]: matches in the gateway, never at the proxy, which takes the brackets off (remove it)',
    ],
    [
      '2606:4700::1',
      '2606:4700::1: matches at the proxy, never in the gateway, which keeps the brackets (remove it)',
    ],
    ['93.184.0.0/16', '93.184.0.0/16: never matches: there are no address ranges (remove it)'],
    ['a.example/x', 'a.example/x: never matches: a name has no path (write a.example)'],
    [
      'bücher.example',
      'bücher.example: matches a host written in these letters in the gateway, and none at the proxy, where it comes in its ASCII form (write xn--bcher-kva.example)',
    ],
    [
      'a.example,b.example',
      'a.example,b.example: never matches in the gateway; the proxy splits it at its commas (remove it)',
    ],
    ['*', '*: lets every host through; the proxy alone still refuses its blocked addresses (name the hosts)'],
    ['*.com', '*.com: opens a whole top-level domain (name the domain under .com)'],
    ['*.co.uk', '*.co.uk: opens a public suffix: everybody can register names there (name one domain)'],
    [
      'metadata.google.internal',
      'metadata.google.internal: opens the cloud metadata service, which hands out credentials (remove it)',
    ],
  ])('%j', (entry, expected) => {
    expect(lintOf(entry)).toEqual([expected]);
  });

  it('the lint warns of entries beside each other', () => {
    expect(lintOf('A.example', '*.b.example', 'x.b.example')).toEqual([
      'x.b.example: already named by *.b.example (line 2) (remove it, or keep it for the anomaly detector, which knows no wildcards)',
    ]);
    expect(problemsOf('network:\n  allowlist:\n    - a.example\n    - A.Example\n')).toEqual([
      'policy.yaml:4:7: warning: A.Example: listed twice (line 3) (remove one)',
    ]);
    expect(problemsOf('network: {allowlist: [a.example, A.Example]}\n')).toEqual([
      'policy.yaml:1:34: warning: A.Example: listed twice (line 1) (remove one)',
    ]);
  });

  it.each([
    [
      'network: {allowlist: []}',
      'policy.yaml:1:11: warning: network.allowlist is empty: the gateway denies every host',
    ],
    ['network: {}', 'policy.yaml:1:1: warning: network.allowlist is empty: the gateway denies every host'],
    ['network:', 'policy.yaml:1:1: warning: network — nothing stands behind it, which restricts nothing'],
    [
      'scope: team:core',
      'policy.yaml:1:8: warning: scope — team:core: this policy rules only within that scope',
    ],
    [
      'capabilities: {deny: [agent_spawn]}',
      "policy.yaml:1:23: warning: capabilities.deny[0] — Capability 'agent_spawn' is declared but NOT enforced — no governance action maps to it yet, so this allow/deny is currently inert and provides no protection",
    ],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)[0]).toContain(expected);
  });

  it('the lint warns of a file name that a folder’s reader skips', () => {
    expect(problemsOf('version: "1"', 'policy.yml')[0]).toContain('loads *.yaml alone');
  });
});

describe('before an edit is written', () => {
  const said = (text: string, ...edit: EntryEdit): readonly string[] =>
    warn(policyOf(text), edit).map(({ severity, entry, why }) => `${severity}: ${entry} ${why}`);

  it('the first entry where nothing was restricted is warned of: everything else is denied from then on', () => {
    expect(said('version: "1"', add('a.example'))).toEqual([
      'warning: a.example is the first entry: the policy restricts no host today, and everything else is denied from then on',
    ]);
    expect(said('network: {}', add('a.example'))).toEqual([]);
  });

  it('the last entry’s removal is warned of', () => {
    expect(said('network: {allowlist: [a.example]}', remove('a.example'))[0]).toContain('is the last entry');
    expect(said('network: {allowlist: [a.example, b.example]}', remove('a.example'))).toEqual([]);
  });

  it('inside and metadata addresses are a danger, wide and dead entries a warning', () => {
    const [text, first] = ['network: {allowlist: [z.example]}', (entry: string) => said(text, add(entry))[0]];
    expect(first('169.254.169.254')).toContain('danger: 169.254.169.254 opens the cloud metadata service');
    expect(first('10.0.0.5')).toContain('danger: 10.0.0.5 opens an inside address (private)');
    expect(first('[::1]')).toContain('warning: [::1] matches in the gateway');
    expect(said(text, add('[::1]'))[1]).toContain('danger: [::1] opens an inside address (loopback)');
    expect(first('*.amazonaws.com')).toContain('multi-tenant');
    expect(first('a.example:80')).toContain('never matches');
    expect(first('b.example')).toBeUndefined();
  });
});

it.each([
  ['raw.githubusercontent.com', ['raw.githubusercontent.com', '*.raw.githubusercontent.com']],
  ['a.b.pypi.org', ['a.b.pypi.org', '*.b.pypi.org', '*.pypi.org']],
  ['pypi.org', ['pypi.org', '*.pypi.org']],
  ['10.0.0.5', ['10.0.0.5']],
  ['2606:4700::1', ['[2606:4700::1]']],
])('the forms of %s are %j, each naming what it says', (host, entries) => {
  expect(forms(host).map(({ entry }) => entry)).toEqual(entries);
  for (const entry of entries.filter(entry => entry !== `*.${host}`))
    expect([entry, covers(entry, host)]).toEqual([entry, true]);
});

it('lists that aasm does not have are refused with the place where it has them', () => {
  const refused = (list: 'passthrough' | 'deny') =>
    plan(FIXTURE, 'policy.yaml', [{ type: 'add', list, entry: 'a' }]);
  expect(refused('passthrough')).toMatchObject({
    type: 'refused',
    why: expect.stringContaining('AA_PROXY_MITM_HOSTS'),
  });
  expect(refused('deny')).toMatchObject({
    type: 'refused',
    why: expect.stringContaining('AA_PROXY_DENIED_HOSTS'),
  });
});

it('case is all that two spellings may differ in', () => {
  expect([sameEntry('API.x', 'api.X'), sameEntry('a', 'a.'), sameEntry('a', ' a')]).toEqual([
    true,
    false,
    false,
  ]);
});

describe('a file that nobody named is told apart', () => {
  it.each([
    [FIXTURE, 'aasm'],
    ['spec: {network: {allowlist: []}}', 'aasm'],
    ['# note\n\nnetwork:\n  allowlist: [', 'aasm'],
    ['"network": {}', 'aasm'],
    ['{network: {allowlist: []}}', 'aasm'],
    ['tools: {shell: {allow: true}}', 'aasm'],
    ['allow: [a]', 'another'],
    ['allow: [a]\nnetwork: {}', 'another'],
    ['passthrough:\n  - network', 'another'],
    ['', 'another'],
    ['{}', 'another'],
  ])('%j is %s’s', async (text, owner) => {
    const dialects = await Promise.all(SYSTEMS.map(system => system.dialect()));
    const found = dialects.find(dialect => dialect.claims(text, 'policy.yaml'));
    expect(found?.name === 'aasm').toBe(owner === 'aasm');
  });

  it('a file that is no YAML is never aasm’s', () => {
    expect(claims('network: {}', 'policy.json')).toBe(false);
  });
});
