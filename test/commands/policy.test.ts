import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../policy-file/changed-lines.ts';
import { fixturePath, linesOf, machine, type Machine, type Run } from './program.ts';

interface PolicyMachine extends Machine {
  readonly file: string;
  readonly text: () => string;
  /** Runs `policy VERB … --policy FILE`. */
  readonly policy: (...args: readonly string[]) => Promise<Run>;
}

/** A machine with a copy of the fixture policy, its grant moved so far ahead that it does not end under the test. */
function withPolicy(
  name: 'microagent.yaml' | 'microagent.json' | 'zeph.toml' = 'microagent.yaml',
): PolicyMachine {
  const here = machine();
  const fixture = readFileSync(fixturePath(name), 'utf8').replace('2026-11-20T18', '2999-11-20T18');
  const file = here.write(name, fixture);
  return {
    ...here,
    file,
    text: () => readFileSync(file, 'utf8'),
    policy: (...args) => here.run(['policy', ...args, '--policy', file]),
  };
}

describe('policy check', () => {
  it('policy check exits with 0 on warnings alone, and prints each with its place and remedy', async () => {
    const here = withPolicy();
    const { code, stdout, stderr } = await here.run(['policy', 'check', here.file]);
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toEqual([
      `${here.file}:17:5: warning: *.githubusercontent.com: never matches: there are no globs, only a leading dot (write .githubusercontent.com)`,
      `Policy is valid: ${here.file}`,
    ]);
  });

  it.each([
    ['p.yaml', 'allow:\n  - a\nallowed: []\n', ':3:1: error: '],
    ['p.yaml', 'allow:\n  - a\n  - ""\n', ':3:5: error: '],
    ['p.json', '{"allow": [],}', ':1:14: error: '],
    ['p.ini', 'allow = []', ': error: egress policy file '],
    ['p.toml', '[tools.scrape]\nallowed_domains = "a"\n', ':2:19: error: '],
    ['p.yaml', '', ':1:1: error: '],
  ])('policy check exits with 1 on a broken %s, and names line and column', async (name, text, place) => {
    const here = machine();
    const file = here.write(name, text);
    const { code, stdout } = await here.run(['policy', 'check', file]);
    expect([code, stdout.startsWith(`${file}${place}`)]).toEqual([1, true]);
    expect(stdout).not.toContain('valid');
  });

  it('policy check --json holds what the text output holds', async () => {
    const here = machine();
    const file = here.write('p.yaml', 'allowed: []\n');
    const { code, stdout } = await here.run(['policy', 'check', '--json', file]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { file, valid: false, problems: [{ line: 1, column: 1, severity: 'error' }] },
    ]);
  });

  it('policy check exits with 1 for a missing file, and with 2 for an unknown system', async () => {
    const here = machine();
    expect((await here.run(['policy', 'check', here.path('no.yaml')])).code).toBe(1);
    expect((await here.run(['policy', 'check', '--system', 'nobody', here.path('no.toml')])).code).toBe(2);
  });
});

describe('a zeph configuration', () => {
  it('a zeph configuration is edited and undone, and the output says that zeph must be started again', async () => {
    const here = withPolicy('zeph.toml');
    const before = here.text();
    const { code, stderr } = await here.policy('allow', 'pastebin.com', '--for', '1h');
    expect([code, stderr]).toEqual([0, expect.stringContaining('restart required')]);
    expect(changedLines(before, here.text())).toEqual([
      expect.stringMatching(/^\+ {4}"pastebin\.com", {2}# egresstop: until \S+Z$/),
      expect.stringContaining('-denied_domains'),
      expect.stringContaining('+denied_domains = ["*.pastebin.com", '),
    ]);
    expect((await here.policy('undo')).code).toBe(0);
    expect(here.text()).toBe(before);
  });

  it('a zeph configuration has no passthrough', async () => {
    const { code, stderr } = await withPolicy('zeph.toml').policy('passthrough', 'docs.rs');
    expect([code, stderr]).toEqual([1, 'egresstop: zeph has no passthrough\n']);
  });
});

const DNS_LOCK =
  'a locked workspace still denies a name that it never saw in a DNS answer for the address dialled';

describe('policy explain', () => {
  it.each<[string, readonly string[], object]>([
    [
      'a suffix',
      ['Files.PyPI.org.:443'],
      {
        host: 'files.pypi.org',
        verdict: 'allow',
        interception: 'intercepted',
        entry: '.pypi.org',
        line: 10,
        reason: 'allowlisted suffix .pypi.org',
        nearest: null,
        notes: [DNS_LOCK],
      },
    ],
    [
      'an entry as written',
      ['api.github.com'],
      {
        host: 'api.github.com',
        verdict: 'allow',
        interception: 'intercepted',
        entry: 'API.GitHub.com.',
        line: 13,
        reason: 'allowlisted',
        nearest: null,
        notes: [DNS_LOCK],
      },
    ],
    [
      'passthrough',
      ['a.mtls.example'],
      {
        host: 'a.mtls.example',
        verdict: 'allow',
        interception: 'passthrough',
        entry: '.mtls.example',
        line: 20,
        reason: 'passthrough',
        nearest: null,
        notes: [DNS_LOCK],
      },
    ],
    [
      'a denial and what came nearest',
      ['gist.docs.rs'],
      {
        host: 'gist.docs.rs',
        verdict: 'deny',
        interception: null,
        entry: null,
        line: null,
        reason: 'not allowlisted',
        nearest: 'docs.rs is exact; gist.docs.rs is a subdomain',
      },
    ],
    [
      'a denial with nothing near',
      ['evil.test'],
      {
        host: 'evil.test',
        verdict: 'deny',
        interception: null,
        entry: null,
        line: null,
        reason: 'not allowlisted',
        nearest: null,
      },
    ],
    [
      'a broad mode',
      ['evil.test', '--mode', 'guarded'],
      {
        host: 'evil.test',
        verdict: 'allow',
        interception: 'intercepted',
        entry: null,
        line: null,
        reason: 'unlisted',
        nearest: null,
        notes: ['evil.test was not resolved: an inside address would be denied'],
      },
    ],
    [
      'the inside in a broad mode',
      ['[::ffff:169.254.169.254]:80', '--mode', 'guarded'],
      {
        host: '169.254.169.254',
        verdict: 'deny',
        interception: null,
        entry: null,
        line: null,
        reason: 'inside: internal destination denied',
        nearest: null,
        notes: ['::ffff:169.254.169.254 is read as 169.254.169.254'],
      },
    ],
    [
      'a URL by its host',
      ['https://docs.rs@evil.test/x'],
      {
        host: 'evil.test',
        verdict: 'deny',
        interception: null,
        entry: null,
        line: null,
        reason: 'not allowlisted',
        nearest: null,
      },
    ],
  ])('--json says of %s exactly what the contract lists', async (_, args, expected) => {
    const { code, stdout } = await withPolicy().policy('explain', '--json', ...args);
    expect([code, JSON.parse(stdout)]).toEqual([0, expected]);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(Object.keys(expected));
  });

  it('says of an aasm policy what each of its matchers decides, where they disagree', async () => {
    const explain = (...args: readonly string[]) =>
      machine().run(['policy', 'explain', ...args, '--policy', fixturePath('aasm.yaml')]);
    const { stdout } = await explain('--json', 'raw.githubusercontent.com');
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'allow',
      entry: '*.githubusercontent.com',
      line: 17,
      dialects: {
        gateway: { verdict: 'allow', entry: '*.githubusercontent.com', line: 17 },
        proxy: { verdict: 'allow', entry: '*.githubusercontent.com', line: 17 },
        exact: { verdict: 'deny', reason: 'host not in network allowlist', entry: null, line: null },
      },
    });
    expect(JSON.parse((await explain('--json', 'docs.rs')).stdout)).not.toHaveProperty('dialects');
    const text = (await explain('https://api.openai.com?x=1')).stdout;
    expect(text).toContain('    gateway  deny   host not in network allowlist\n');
    expect(text).toContain(
      '    proxy    allow  host matches network allowlist, by api.openai.com (line 15)\n',
    );
    expect(text).not.toContain('locked workspace');
    expect((await explain('10.0.0.5', '--matcher', 'proxy')).stdout).toMatch(
      /^10\.0\.0\.5: deny, ssrf_blocked/,
    );
  });

  it('with a matcher that the system does not have is wrong usage, and tells the choices', async () => {
    const run = (file: string) =>
      machine().run(['policy', 'explain', 'x', '--policy', fixturePath(file), '--matcher', 'nobody']);
    expect(await run('aasm.yaml')).toMatchObject({
      code: 2,
      stderr: 'egresstop: --matcher: aasm has no nobody (there are gateway, proxy, exact)\n',
    });
    expect((await run('microagent.yaml')).code).toBe(2);
  });

  it.each(['aasm.yaml', 'zeph.toml', 'orcarouter.json'])(
    'with a mode, which means nothing to the system of %s, is wrong usage',
    async file => {
      const args = ['policy', 'explain', 'x', '--policy', fixturePath(file), '--mode', 'guarded'];
      const run = await machine().run(args);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(/--mode means nothing to (?:aasm|zeph|orcarouter) policies: leave it out/);
    },
  );

  it('tells a person the verdict, the line, or what came nearest', async () => {
    const here = withPolicy();
    expect((await here.policy('explain', 'files.pypi.org')).stdout).toMatch(
      /^files\.pypi\.org: allow, allowlisted suffix \.pypi\.org \(intercepted\)\n {2}by \.pypi\.org in allow, line 10\n/,
    );
    expect((await here.policy('explain', 'raw.githubusercontent.com')).stdout).toBe(
      'raw.githubusercontent.com: deny, not allowlisted\n  nearest: *.githubusercontent.com never matches: there are no globs, only a leading dot; .githubusercontent.com would (line 17)\n',
    );
  });

  it('policy explain --check exits with 1 on a denial and 0 on an allow; without --check it exits with 0', async () => {
    const here = withPolicy();
    const codes = await Promise.all(
      [['evil.test', '--check'], ['docs.rs', '--check'], ['evil.test']].map(args =>
        here.policy('explain', ...args),
      ),
    );
    expect(codes.map(({ code }) => code)).toEqual([1, 0, 0]);
  });

  it('looks at the URL where one is given, and keeps a trailing dot, for systems to which that is another host', async () => {
    const here = withPolicy('zeph.toml');
    const reasons = await Promise.all(
      ['docs.rs', 'docs.rs.', 'http://docs.rs/x'].map(async destination => {
        const { stdout } = await here.policy('explain', '--json', destination);
        return (JSON.parse(stdout) as { readonly reason: string }).reason;
      }),
    );
    expect(reasons).toEqual([
      'in allowed_domains: docs.rs',
      'domain not in allowlist: docs.rs.',
      'scheme not allowed: http',
    ]);
  });

  it('policy explain of a policy that does not parse explains nothing, and prints one problem a line', async () => {
    const here = machine();
    const file = here.write('p.yaml', 'allowed: []\nmode: x\n');
    const { code, stdout, stderr } = await here.run(['policy', 'explain', 'x', '--policy', file]);
    expect([code, stdout, linesOf(stderr).length]).toEqual([1, '', 3]);
    expect(stderr).not.toContain('\\x0a');
  });

  it('without a policy, or with an unknown mode, is wrong usage', async () => {
    const { code, stderr } = await machine().run(['policy', 'explain', 'x']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no policy was discovered')]);
    expect((await withPolicy().policy('explain', 'x', '--mode', 'off-and-on')).code).toBe(2);
  });
});

describe('policy allow, passthrough and remove', () => {
  it.each([
    ['allow', 'crates.io', ['+  - crates.io']],
    ['passthrough', 'tls.example', undefined],
    ['remove', 'docs.rs', ['-  - docs.rs']],
    [
      'remove',
      'api.GITHUB.com',
      ['-  -   API.GitHub.com.         # pasted as found; it still means api.github.com'],
    ],
  ])(
    '%s %s changes its line alone, prints the diff, and does nothing the second time',
    async (verb, entry, lines) => {
      const here = withPolicy();
      const before = here.text();
      const { code, stdout, stderr } = await here.policy(verb, entry);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`saved ${here.file}; `)]);
      const changed = changedLines(before, here.text());
      if (lines !== undefined) expect(changed).toEqual(lines);
      for (const line of changed) expect(linesOf(stdout)).toContain(line);
      const after = here.text();
      const again = await here.policy(verb, entry);
      expect([again.code, again.stdout, here.text()]).toEqual([verb === 'remove' ? 1 : 0, '', after]);
      expect(again.stderr).toContain('nothing to change');
    },
  );

  it.each([['allow'], ['passthrough'], ['remove']])(
    '%s --dry-run shows the diff and writes nothing, no journal either',
    async verb => {
      const here = withPolicy();
      const before = here.text();
      const { code, stdout } = await here.policy(
        verb,
        verb === 'remove' ? 'docs.rs' : 'crates.io',
        '--dry-run',
      );
      expect([code, here.text()]).toEqual([0, before]);
      expect(stdout).toMatch(verb === 'remove' ? /^-.*docs\.rs$/m : /^\+.*crates\.io/m);
      expect((await here.policy('log')).stdout).toBe('');
    },
  );

  it('--dry-run tells which ended grants writing would remove first', async () => {
    const here = machine();
    const file = here.write('p.yaml', 'allow:\n  - a.example # egresstop: until 2020-01-01T00:00:00Z\n');
    const before = readFileSync(file, 'utf8');
    const { code, stdout, stderr } = await here.run([
      'policy',
      'allow',
      'b.example',
      '--dry-run',
      '--policy',
      file,
    ]);
    expect(stdout).toContain('-  - a.example # egresstop: until');
    expect([code, stderr, readFileSync(file, 'utf8')]).toEqual([
      0,
      `egresstop: a grant is over, and writing removes it first from ${file}: a.example in allow, until 2020-01-01T00:00:00Z\n`,
      before,
    ]);
  });

  it('an entry that never matches is warned of with the one that does', async () => {
    const { stderr } = await withPolicy().policy('allow', '*.foo.example', '--dry-run');
    expect(stderr).toBe(
      'egresstop: warning: *.foo.example never matches: there are no globs, only a leading dot (write .foo.example)\n',
    );
  });

  it('--for writes when the grant ends, in whole seconds', async () => {
    const here = withPolicy();
    const before = here.text();
    const earliest = Date.now() + 3_600_000;
    expect((await here.policy('allow', 'crates.io', '--for', '1h')).code).toBe(0);
    const [line = ''] = changedLines(before, here.text());
    const [, end = ''] = /^\+ {2}- crates\.io {1,2}# egresstop: until (\S+Z)$/.exec(line) ?? [];
    expect(Date.parse(end)).toBeGreaterThanOrEqual(earliest);
    expect(Date.parse(end)).toBeLessThan(earliest + 60_000);
    expect(end).not.toContain('.');
  });

  it.each([['soon'], ['0s'], ['-1h'], ['99999999w']])('--for %s is wrong usage', async duration => {
    const here = withPolicy();
    const { code, stderr } = await here.policy('allow', 'crates.io', `--for=${duration}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--for')]);
  });

  it('a grant that is over is removed first, and that is told', async () => {
    const here = machine();
    const file = here.write(
      'p.yaml',
      'allow:\n  - a.example # egresstop: until 2020-01-01T00:00:00Z\n  - b.example\n',
    );
    const { stdout, stderr } = await here.run(['policy', 'allow', 'c.example', '--policy', file]);
    expect(readFileSync(file, 'utf8')).toBe('allow:\n  - b.example\n  - c.example\n');
    expect(stderr).toContain(`a grant is over and was removed from ${file}: allow -a.example`);
    expect(stdout).toContain('-  - a.example # egresstop: until');
    expect(stdout).toContain('+  - c.example');
  });

  it.each([
    ['10.0.0.4', 'danger: 10.0.0.4 opens an inside address (private)'],
    ['169.254.169.254', 'danger: 169.254.169.254 opens the cloud metadata service'],
    ['10-0-0-1.nip.io', 'danger: 10-0-0-1.nip.io is an address in disguise: nip.io resolves it to 10.0.0.1'],
    ['kubernetes.default.svc', 'danger: kubernetes.default.svc opens an inside name'],
    ['*.crates.io', 'never matches: there are no globs, only a leading dot (write .crates.io)'],
    ['https://x.y/z', 'never matches: it is a URL; entries are names (write x.y)'],
    ['user@a.example', 'never matches: a name has no user before an @ (write a.example)'],
    ['$HOST', 'placeholder that nobody filled in (put the name of the host in its place)'],
  ])('%s is only written with --yes', async (entry, warning) => {
    const here = withPolicy();
    const before = here.text();
    const refused = await here.policy('allow', entry);
    expect([refused.code, refused.stdout, here.text()]).toEqual([1, '', before]);
    expect(refused.stderr).toContain(warning);
    expect(refused.stderr).toContain('nothing was written');
    const written = await here.policy('allow', entry, '--yes');
    expect([written.code, here.text()]).toEqual([0, expect.stringContaining(entry)]);
    expect(written.stderr).toContain(warning);
  });

  it.each([
    ['.amazonaws.com', 'opens a multi-tenant domain'],
    ['files.pypi.org', 'already covered by .pypi.org'],
  ])('%s is warned of and written', async (entry, warning) => {
    const here = withPolicy();
    const { code, stderr } = await here.policy('allow', entry);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`warning: ${entry} ${warning}`)]);
    expect(here.text()).toContain(entry);
  });

  it.each([['a.example\nb.example'], ['a.example\r'], ['a\u001b[31m.example'], ['a\u0085b.example']])(
    'an entry with the control character of %j is refused even with --yes',
    async entry => {
      const here = withPolicy();
      const before = here.text();
      const { code, stderr } = await here.policy('allow', entry, '--yes');
      expect([code, here.text()]).toEqual([1, before]);
      expect(stderr).toContain('an entry may not hold a line break, a NUL or another control character');
    },
  );

  it('a file that no running mediator reads is never said to be reread by one', async () => {
    const here = withPolicy();
    for (const args of [['allow', 'a.test'], ['undo'], ['allow', 'b.test', '--system', 'microagent']])
      expect((await here.policy(...args)).stderr).toMatch(/saved \S+microagent\.yaml; restart required: /);
  });

  it('a policy that does not parse is never edited', async () => {
    const here = machine();
    const file = here.write('p.yaml', 'allow: [a\n');
    for (const verb of ['allow', 'passthrough', 'remove']) {
      const run = await here.run(['policy', verb, 'x.example', '--policy', file]);
      expect([run.code, readFileSync(file, 'utf8')]).toEqual([1, 'allow: [a\n']);
    }
  });

  it('a removal does not make a policy that is not there', async () => {
    const here = machine();
    const { code, stderr } = await here.run(['policy', 'remove', 'x', '--policy', here.path('no.yaml')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no.yaml')]);
    expect(() => statSync(here.path('no.yaml'))).toThrow('ENOENT');
  });
});

describe('policy log and undo', () => {
  it.each(['microagent.yaml', 'microagent.json'] as const)(
    'of %s: edits are told oldest first, and undone newest first to the byte',
    async name => {
      const here = withPolicy(name);
      const before = here.text();
      const texts = [before];
      for (const args of [
        ['allow', 'crates.io'],
        ['remove', 'docs.rs'],
        ['passthrough', '.tls.example'],
      ]) {
        expect((await here.policy(...args)).code).toBe(0);
        texts.push(here.text());
      }
      const told = linesOf((await here.policy('log')).stdout).map(line =>
        line.split('  ').slice(2).join('  '),
      );
      expect(told).toEqual(['allow +crates.io', 'allow -docs.rs', 'passthrough +.tls.example']);
      for (const text of texts.slice(0, -1).reverse()) {
        expect((await here.policy('undo')).code).toBe(0);
        expect(here.text()).toBe(text);
      }
      const nothing = await here.policy('undo');
      expect([nothing.code, nothing.stdout, here.text()]).toEqual([1, '', before]);
      expect(nothing.stderr).toContain('nothing to undo');
    },
  );

  it('leaves alone what somebody else wrote since', async () => {
    const here = withPolicy();
    await here.policy('allow', 'crates.io');
    here.write('microagent.yaml', here.text().replace('  # models', '  # all the models'));
    await here.policy('undo');
    expect(here.text()).toBe(
      readFileSync(fixturePath('microagent.yaml'), 'utf8')
        .replace('2026-11-20T18', '2999-11-20T18')
        .replace('  # models', '  # all the models'),
    );
  });

  it('a journal line has what the contract lists, and is the owner’s alone to read', async () => {
    const here = withPolicy();
    await here.policy('allow', 'crates.io', '--for', '1h');
    const [line = ''] = linesOf((await here.policy('log', '--json')).stdout);
    const record = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(record).sort((one, other) => (one < other ? -1 : 1))).toEqual([
      'acknowledged',
      'actor',
      'after',
      'at',
      'before',
      'diff',
      'edit',
      'expires',
      'file',
    ]);
    expect(record).toMatchObject({
      file: here.file,
      edit: [{ type: 'add', list: 'allow', entry: 'crates.io' }],
    });
    expect(statSync(here.path('state/egresstop/journal.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('policy log is empty, and undo has nothing to do, before the first edit', async () => {
    const here = withPolicy();
    expect(await here.policy('log')).toMatchObject({ code: 0, stdout: '' });
    expect((await here.policy('undo')).code).toBe(1);
  });
});
