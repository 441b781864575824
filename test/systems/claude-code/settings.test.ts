import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dialect, Policy, EntryEdit } from '../../../src/core/policy/dialect.ts';
import { describeProblem } from '../../../src/core/problem.ts';
import { editPolicy } from '../../../src/policy-file/editing/edit.ts';
import { claudeCode } from '../../../src/systems/claude-code/index.ts';
import { claudeDialect, claudeDialectBeside } from '../../../src/systems/claude-code/policy/dialect.ts';
import { readSettings } from '../../../src/systems/claude-code/policy/read-settings.ts';
import type { SettingsFile } from '../../../src/systems/claude-code/policy/settings-policy.ts';
import type { Places } from '../../../src/systems/system.ts';
import { runs } from '../../runs.ts';

const SAMPLE = readFileSync(new URL('../../fixtures/claude-code.json', import.meta.url), 'utf8');

function policyOf(text: string, dialect: Dialect = claudeDialect): Policy {
  const parsed = dialect.parse(text, 'settings.json');
  if (parsed.type === 'invalid') throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy;
}

const problemsOf = (text: string, dialect: Dialect = claudeDialect): readonly string[] =>
  dialect.parse(text, 'settings.json').problems.map(describeProblem);

function edited(text: string, ...edit: EntryEdit): string {
  const outcome = editPolicy({ text, path: '.claude/settings.json', dialect: claudeDialect }, edit);
  return outcome.type === 'edited' ? outcome.text : `${outcome.type}: ${outcome.why}`;
}

const ask = (policy: Policy, host: string, port = 443) => policy.judge({ host, address: null, port });

describe('the sample settings', () => {
  it.each([
    ['registry.npmjs.org', 443, 'allow', 'registry.npmjs.org'],
    ['API.github.com', 443, 'allow', '*.github.com'],
    ['a.b.github.com', 443, 'allow', '*.github.com'],
    ['github.com', 443, 'deny', undefined],
    ['gist.github.com', 443, 'deny', 'gist.github.com'],
    ['api.openai.com', 443, 'allow', 'api.openai.com:443'],
    ['api.openai.com', 80, 'deny', undefined],
  ])('%s at port %i: %s by %s', (host, port, verdict, entry) => {
    const ruling = ask(policyOf(SAMPLE), host, port);
    expect([ruling.verdict, ruling.entry?.text]).toEqual([verdict, entry]);
  });

  it('says that an unlisted host is asked about, and not so where the allowlist is strict', () => {
    expect(ask(policyOf(SAMPLE), 'x.example').notes).toEqual([
      'Claude Code asks the user before it denies this',
    ]);
    const strict = SAMPLE.replace('"network": {', '"network": { "strictAllowlist": true,');
    expect(ask(policyOf(strict), 'x.example')).not.toHaveProperty('notes');
  });

  it('names the WebFetch rules at their places, and the one that opens a host', () => {
    expect(problemsOf(SAMPLE)).toEqual([
      expect.stringMatching(
        /^settings.json:4:33: warning: permissions.allow: WebFetch\(domain:docs.rs\) and 1 more: /,
      ),
      expect.stringMatching(
        /^settings.json:5:14: warning: permissions.deny: WebFetch: a rule for the fetch tool/,
      ),
    ]);
    const note = expect.stringContaining('is a permission rule, not an entry');
    expect(ask(policyOf(SAMPLE), 'docs.rs')).toMatchObject({
      verdict: 'deny',
      notes: [expect.anything(), note],
    });
    expect(ask(policyOf(SAMPLE), 'docs.python.org').notes?.[1]).toContain(
      'WebFetch(domain:*.python.org) (line 4)',
    );
    expect(ask(policyOf(SAMPLE), 'python.org').notes).toHaveLength(1);
  });
});

describe('an edit', () => {
  it('an edit keeps every comment and every other byte', () => {
    const after = edited(SAMPLE, { type: 'add', list: 'allow', entry: 'crates.io' });
    expect(after.split('\n').filter(line => !SAMPLE.includes(line))).toEqual(['        "crates.io",']);
    expect(edited(after, { type: 'remove', list: 'allow', entry: 'CRATES.io' })).toBe(SAMPLE);
  });

  it.each([
    ['{}', '{"sandbox": {"network": {"allowedDomains": ["docs.rs"]}}}'],
    ['{"model": "x"}\n', '{"model": "x", "sandbox": {"network": {"allowedDomains": ["docs.rs"]}}}\n'],
    ['{\n  "sandbox": {}\n}\n', '{\n  "sandbox": {"network": {"allowedDomains": ["docs.rs"]}}\n}\n'],
    [
      '{\n  "sandbox": {\n    "network": {\n      "deniedDomains": []\n    }\n  }\n}\n',
      '{\n  "sandbox": {\n    "network": {\n      "deniedDomains": [],\n      "allowedDomains": ["docs.rs"]\n    }\n  }\n}\n',
    ],
  ])('makes the keys that %j lacks', (before, after) => {
    expect(edited(before, { type: 'add', list: 'allow', entry: 'docs.rs' })).toBe(after);
  });

  it.each([
    ['{"sandbox": 1}', 'sandbox must be an object'],
    [
      '{"sandbox": {"network": {"allowedDomains": {}}}}',
      'sandbox.network.allowedDomains must be a list of names',
    ],
    ['{"sandbox": {}, "sandbox": {}}', 'the key "sandbox" stands there twice'],
    ['[]', 'the settings must be a JSON object'],
    ['', 'a value is missing before the end of the text'],
  ])('settings %j are never edited: %s', (text, why) => {
    expect(problemsOf(text).join()).toContain(why);
    expect(edited(text, { type: 'add', list: 'allow', entry: 'docs.rs' })).toMatch(/^refused: /);
  });

  it('an entry that opens every host, a whole domain or nothing has a warning', () => {
    const warned = (entry: string): unknown =>
      claudeDialect.warn(policyOf(SAMPLE), [{ type: 'add', list: 'allow', entry }])[0];
    expect(warned('*')).toMatchObject({ severity: 'danger', why: 'opens every host' });
    expect(warned('*.com')).toMatchObject({
      why: expect.stringContaining('sandbox-runtime refuses such an entry'),
    });
    expect(warned('https://a.example/')).toMatchObject({ neverMatches: true });
    expect(warned('a.example.')).toMatchObject({ neverMatches: true });
    expect(warned('crates.io')).toBeUndefined();
  });
});

describe('what the lists do not rule', () => {
  it.each([
    ['{"sandbox": {}}', 'sandbox.enabled is not true in any settings file'],
    ['{"sandbox": {"enabled": false}}', 'settings.json:1:14: warning: sandbox.enabled is false'],
    [
      '{"sandbox": {"enabled": true, "network": {"httpProxyPort": 8080}}}',
      'that proxy rules, and not these lists',
    ],
    [
      '{"sandbox": {"enabled": true, "network": {"allowManagedDomainsOnly": true}}}',
      'counts in managed settings alone',
    ],
  ])('the problem of the settings %s is: %s', (text, why) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(why)]);
  });

  it('a ruling by settings without the sandbox says that nothing is enforced', () => {
    expect(ask(policyOf('{}'), 'a.example').notes?.[0]).toContain('nothing is enforced');
    expect(ask(policyOf('{"sandbox": {"enabled": false}}'), 'a.example').notes?.[0]).toContain(
      'sandbox.enabled is false (line 1): nothing is enforced',
    );
  });
});

const fileOf = (text: string, file: string, isManaged = false): SettingsFile => ({
  settings: readSettings(text, file),
  file,
  isManaged,
});

const lists = (allow: readonly string[], deny: readonly string[] = [], more: object = {}): string =>
  JSON.stringify({
    sandbox: { enabled: true, network: { allowedDomains: allow, deniedDomains: deny, ...more } },
  });

describe('several settings files', () => {
  it('the lists of all files are united: an entry of any allows, and a denial of any wins', () => {
    const dialect = claudeDialectBeside({
      higher: [fileOf(lists(['managed.example']), 'managed.json', true)],
      lower: [fileOf(lists(['user.example'], ['bad.example']), 'user.json')],
      isManaged: false,
    });
    const policy = policyOf(lists(['own.example', 'bad.example']), dialect);
    const ruled = (host: string) => {
      const { verdict, entry } = ask(policy, host);
      return [verdict, entry?.file];
    };
    expect(ruled('own.example')).toEqual(['allow', undefined]);
    expect(ruled('managed.example')).toEqual(['allow', 'managed.json']);
    expect(ruled('user.example')).toEqual(['allow', 'user.json']);
    expect(ruled('bad.example')).toEqual(['deny', 'user.json']);
    expect(problemsOf(lists(['own.example', 'bad.example']), dialect)).toEqual([
      expect.stringContaining('(line 1 of user.json) covers it, and a denial wins'),
    ]);
  });

  it('where only managed settings may allow, no other file does, and denials of all still count', () => {
    const dialect = claudeDialectBeside({
      higher: [
        fileOf(
          lists(['m.example', 'x.example'], [], { allowManagedDomainsOnly: true }),
          'managed.json',
          true,
        ),
      ],
      lower: [fileOf(lists(['user.example'], ['x.example']), 'user.json')],
      isManaged: false,
    });
    const policy = policyOf(lists(['own.example']), dialect);
    const verdicts = ['own.example', 'user.example', 'm.example', 'x.example'].map(
      host => ask(policy, host).verdict,
    );
    expect(verdicts).toEqual(['deny', 'deny', 'allow', 'deny']);
    expect(problemsOf(lists(['own.example']), dialect)).toEqual([
      expect.stringContaining('has no effect: only managed settings may allow domains'),
    ]);
  });

  it('the highest file that writes a switch decides it', () => {
    const off = JSON.stringify({ sandbox: { enabled: false } });
    const beside = (higher: string | null, lower: string | null): Dialect =>
      claudeDialectBeside({
        higher: higher === null ? [] : [fileOf(higher, 'high.json')],
        lower: lower === null ? [] : [fileOf(lower, 'low.json')],
        isManaged: false,
      });
    const notes = (dialect: Dialect) => ask(policyOf(lists(['a.example']), dialect), 'a.example').notes ?? [];
    expect(notes(beside(off, null))).toEqual([
      'sandbox.enabled is false (line 1 of high.json): nothing is enforced',
    ]);
    expect(notes(beside(null, off))).toEqual([]);
  });

  it('several files rule as a naive union does, whatever is listed where', () => {
    const entry = fc.constantFrom(
      'a.example',
      '*.a.example',
      'b.a.example',
      'A.example',
      'a.example:443',
      'c.example',
    );
    const file = fc.tuple(fc.array(entry, { maxLength: 3 }), fc.array(entry, { maxLength: 2 }));
    const host = fc.constantFrom('a.example', 'b.a.example', 'x.b.a.example', 'c.example', 'd.example');
    fc.assert(
      fc.property(file, file, file, host, fc.constantFrom(80, 443), (high, own, low, asked, port) => {
        const dialect = claudeDialectBeside({
          higher: [fileOf(lists(...high), 'h.json')],
          lower: [fileOf(lists(...low), 'l.json')],
          isManaged: false,
        });
        const names = (text: string): boolean => {
          const [name = '', at] = text.toLowerCase().split(':');
          if (at !== undefined && Number(at) !== port) return false;
          return name.startsWith('*.') ? asked.endsWith(name.slice(1)) : asked === name;
        };
        const all = [high, own, low];
        const isDenied = all.some(([, deny]) => deny.some(names));
        const isAllowed = all.some(([allow]) => allow.some(names));
        const { verdict } = ask(policyOf(lists(...own), dialect), asked, port);
        expect(verdict).toBe(!isDenied && isAllowed ? 'allow' : 'deny');
      }),
      { numRuns: runs(1_000) },
    );
  });
});

/** A machine with these files below `home` and `work`. */
function machine(
  files: Readonly<Record<string, string>>,
): Places & { readonly at: (path: string) => string } {
  const root = mkdtempSync(join(tmpdir(), 'egresstop-claude-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const at = (path: string): string => join(root, path);
  return { home: at('home'), cwd: at('work'), tmp: root, env: {}, stateDir: null, at };
}

describe('the settings files of a machine', () => {
  const FILES = {
    'home/.claude/settings.json': lists(['user.example']),
    'work/.claude/settings.json': lists(['project.example']),
    'work/.claude/settings.local.json': '{broken',
  };

  it('settings are found at their documented places, the highest first', async () => {
    const here = machine(FILES);
    expect(await claudeCode.policies?.(here)).toEqual([
      here.at('work/.claude/settings.local.json'),
      here.at('work/.claude/settings.json'),
      here.at('home/.claude/settings.json'),
    ]);
    expect(
      await claudeCode.policies?.({ ...here, env: { CLAUDE_CONFIG_DIR: here.at('none') } }),
    ).toHaveLength(2);
  });

  it('files that rule together are named with their parts, also the one that cannot be read', async () => {
    const here = machine(FILES);
    const path = here.at('work/.claude/settings.json');
    const together = await claudeCode.together?.(path, { ...here, cwd: here.at('elsewhere') });
    expect(together?.files).toEqual([
      `${path}: settings of the project, the file that is judged`,
      `${here.at('work/.claude/settings.local.json')}: local settings of the project, left out: it cannot be read`,
      `${here.at('home/.claude/settings.json')}: settings of the user, united with it: 1 allowed, 0 denied`,
    ]);
    const policy = policyOf(FILES['work/.claude/settings.json'], together?.dialect);
    expect(ask(policy, 'user.example').entry?.file).toBe(here.at('home/.claude/settings.json'));
  });

  it('a project that is the home folder has the settings of the user once', async () => {
    const here = machine({ 'home/.claude/settings.json': '{}' });
    expect(await claudeCode.policies?.({ ...here, cwd: here.at('home') })).toHaveLength(1);
  });
});
