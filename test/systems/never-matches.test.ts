import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/core/policy/dialect.ts';
import { aasmDialect } from '../../src/systems/aasm/policy/dialect.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { orcarouterDialect } from '../../src/systems/orcarouter/policy/dialect.ts';
import { zephDialect } from '../../src/systems/zeph/policy/dialect.ts';

interface Sheet {
  readonly dialect: Dialect;
  readonly path: string;
  /** A policy that allows these entries, one a line where the format has lines. */
  readonly write: (entries: readonly string[]) => string;
}

const asYaml = (entries: readonly string[], indent: string): string =>
  entries.map(entry => `${indent}- ${JSON.stringify(entry)}\n`).join('');

const SHEETS: Readonly<Record<string, Sheet>> = {
  microagent: {
    dialect: microagentDialect,
    path: 'p.yaml',
    write: entries => `allow:\n${asYaml(entries, '  ')}`,
  },
  aasm: {
    dialect: aasmDialect,
    path: 'p.yaml',
    write: entries => `network:\n  allowlist:\n${asYaml(entries, '    ')}`,
  },
  zeph: {
    dialect: zephDialect,
    path: 'p.toml',
    write: entries => `[tools.scrape]\nallowed_domains = ${JSON.stringify(entries)}\n`,
  },
  orcarouter: {
    dialect: orcarouterDialect,
    path: 'p.json',
    write: entries =>
      JSON.stringify({
        name: 'p',
        default_verdict: 'deny',
        rules: [{ verdict: 'allow', stage: 'egress', egress: { allow: entries } }],
      }),
  },
};

/** The warnings of one entry, as `check` prints them. */
function warned({ dialect, path, write }: Sheet, entry: string): readonly string[] {
  const { problems } = dialect.parse(write([entry, 'ok.example']), path);
  return problems.flatMap(({ why, remedy }) =>
    why.startsWith(`${entry}: never matches`) ? [`${why} (${remedy ?? ''})`] : [],
  );
}

/** Texts that people paste, and the name that the remedy must give. */
const PASTED: readonly (readonly [string, string])[] = [
  ['user@a.example', 'write a.example'],
  ['user:secret@a.example:8443', 'write a.example'],
  ['a.example?x=1', 'write a.example'],
  ['a.example#frag', 'write a.example'],
  ['https://user@a.example/x?y', 'write a.example'],
  ['ftp://a.example', 'write a.example'],
  ['a.example/', 'write a.example'],
  ['a.example\\share', 'write a.example'],
  ['a.example:443', 'write a.example'],
  ['a.example:*', 'write a.example'],
  ['a.example;b.example', 'write a.example and b.example, each as an entry'],
  ['a.example|b.example', 'write a.example and b.example, each as an entry'],
  ['a.example b.example', 'write a.example and b.example, each as an entry'],
  ['a.example;', 'write a.example'],
  ['"a.example"', 'write a.example'],
  ["'a.example'", 'write a.example'],
  ['“a.example”', 'write a.example'],
  ['$HOST', 'put the name of the host in its place'],
  ['${HOST}', 'put the name of the host in its place'],
  ['https://${HOST}/x', 'put the name of the host in its place'],
  ['<your-host>', 'put the name of the host in its place'],
  ['%HOST%', 'put the name of the host in its place'],
  ['{{ .Values.host }}', 'put the name of the host in its place'],
  ['{host}.example', 'put the name of the host in its place'],
  ['!a.example', 'remove it, or write a.example if that host is meant'],
  ['||a.example^', 'remove it, or write a.example if that host is meant'],
  [`${'x'.repeat(64)}.example`, 'remove it'],
  [Array(130).fill('a').join('.'), 'remove it'],
  ['a..example', 'write a.example'],
  ['a.*.example', 'remove it'],
  ['300.1.1.1', 'remove it'],
  ['1.2.3.4.5', 'remove it'],
  ['a=b', 'remove it'],
  ['a\u0000b', 'remove it'],
];

describe.each(Object.entries(SHEETS))('%s', (name, sheet) => {
  it.each(PASTED)('%j is warned of as an entry that never matches, with what to do', (entry, remedy) => {
    expect(warned(sheet, entry)).toEqual([expect.stringContaining(remedy)]);
  });

  it.each(PASTED)('%j is known to match nothing before it is written', entry => {
    const parsed = sheet.dialect.parse(sheet.write(['ok.example']), sheet.path);
    if (parsed.type === 'invalid') throw new Error(name);
    const warnings = sheet.dialect.warn(parsed.policy, [{ type: 'add', list: 'allow', entry }]);
    expect(warnings.filter(({ neverMatches }) => neverMatches)).toHaveLength(1);
  });

  it('a name of letters, digits and hyphens is never said to match nothing', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), labels => {
        expect(warned(sheet, labels.join('.'))).toEqual([]);
      }),
    );
  });

  it('a sign that no name has makes any name match nothing, and what is named instead can match', () => {
    const sign = fc.constantFrom(...'@?#;|"\'$!<>%^&=+(){}~`\\/ '.split(''));
    fc.assert(
      fc.property(sign, fc.nat(8), (mark, at) => {
        const entry = `a1.b2.example`.slice(0, at + 1) + mark + `a1.b2.example`.slice(at + 1);
        const found = warned(sheet, entry);
        expect(found).toHaveLength(1);
        const [, instead] = /\(write ([^ ]+)\)$/.exec(found[0] ?? '') ?? [];
        if (instead !== undefined) expect(warned(sheet, instead)).toEqual([]);
      }),
    );
  });
});

const OPENED: readonly (readonly [string, string])[] = [
  ['127.0.0.1.nip.io', 'is an address in disguise: nip.io resolves it to 127.0.0.1 (loopback)'],
  ['app.10-0-0-7.sslip.io', 'is an address in disguise: sslip.io resolves it to 10.0.0.7 (private)'],
  ['a9fea9fe.nip.io', 'nip.io resolves it to 169.254.169.254 (the cloud metadata service)'],
  ['x.192.168.1.2.xip.io', 'xip.io resolves it to 192.168.1.2 (private)'],
  ['--1.sslip.io', 'sslip.io resolves it to ::1 (loopback)'],
  ['db.localtest.me', 'localtest.me resolves it to 127.0.0.1 (loopback)'],
  ['lvh.me', 'lvh.me resolves it to 127.0.0.1 (loopback)'],
  ['8.8.8.8.nip.io', 'nip.io resolves it to 8.8.8.8'],
  ['nip.io', 'opens every address there is'],
  ['kubernetes.default.svc', 'opens an inside name'],
  ['kubernetes', 'opens an inside name'],
  ['db.prod.svc.cluster.local', 'opens an inside name'],
  ['vault.service.consul', 'opens an inside name'],
  ['x.internal', 'opens an inside name'],
];

describe.each(Object.entries(SHEETS).filter(([name]) => name !== 'zeph'))('%s', (_, sheet) => {
  it.each(OPENED)('%s is warned of, for it leads inside', (entry, why) => {
    const { problems } = sheet.dialect.parse(sheet.write([entry]), sheet.path);
    expect(problems.map(problem => problem.why).join('\n')).toContain(why);
  });
});

describe('a name that only looks like an address in disguise', () => {
  it.each(['notnip.io', 'nip.io.example', 'mylvh.me', 'svc.example', 'consul.example', 'kubernetes.io'])(
    '%s is not warned of',
    entry => {
      const sheet = SHEETS['microagent'];
      expect(sheet?.dialect.parse(sheet.write([entry]), sheet.path).problems).toEqual([]);
    },
  );
});

describe('names below a cluster or a disguising service', () => {
  it.each([
    ['microagent', '.svc.cluster.local', 'opens an inside name'],
    ['microagent', '.nip.io', 'opens every address there is'],
    ['microagent', '*.internal', 'never matches'],
    ['aasm', '*.internal', 'opens an inside name'],
    ['aasm', '*.nip.io', 'opens every address there is'],
    ['zeph', '*.internal', 'has no effect'],
    ['zeph', '127.0.0.1.nip.io', 'looks like an inside name'],
    ['orcarouter', '*.internal', 'never matches'],
  ])('%s warns of %s', (name, entry, why) => {
    const sheet = SHEETS[name];
    const problems = sheet?.dialect.parse(sheet.write([entry]), sheet.path).problems ?? [];
    expect(problems.map(problem => problem.why).join('\n')).toContain(why);
  });
});
