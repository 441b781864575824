import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, Policy, Ruling } from '../../../../src/core/policy/dialect.ts';
import { editPolicy } from '../../../../src/policy-file/editing/edit.ts';
import { squidDialect } from '../../../../src/systems/squid/policy/dialect.ts';

const PATH = '/etc/squid/squid.conf';

function policyOf(text: string): Policy {
  const parsed = squidDialect.parse(text, PATH);
  if (parsed.type === 'invalid') throw new Error(parsed.problems[0]?.why);
  return parsed.policy;
}

const judged = (text: string, attempt: Partial<Attempt>): Ruling =>
  policyOf(text).judge({ host: null, address: null, ...attempt });

const CONF = `# agents
acl SSL_ports port 443
acl Safe_ports port 80 443 1025-65535
acl purge method PURGE
acl good dstdomain .pypi.org \\
  api.github.com # and no other
acl bad dstdomain evil.pypi.org
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access deny bad
http_access allow good
http_access deny all
`;

describe('squid.conf', () => {
  it.each([
    [{ host: 'files.pypi.org' }, 'allow', 11],
    [{ host: 'pypi.org', port: 443 }, 'allow', 11],
    [{ host: 'API.github.com.' }, 'allow', 11],
    [{ host: 'evil.pypi.org' }, 'deny', 10],
    [{ host: 'x.api.github.com' }, 'deny', 12],
    [{ host: 'pypi.org', port: 22 }, 'deny', 8],
    [{ host: 'pypi.org', port: 8080, method: 'CONNECT' }, 'deny', 9],
    [{ host: 'pypi.org', port: 8080, method: 'GET' }, 'allow', 11],
    [{ host: 'pypi.org', port: 80, method: 'GET' }, 'allow', 11],
  ])('%j is ruled by the first line that matches', (attempt, verdict, line) => {
    expect(judged(CONF, attempt)).toMatchObject({ verdict, rule: { line } });
  });

  it('an allow names the entry and its line, also on a line that goes on', () => {
    expect(judged(CONF, { host: 'api.github.com' })).toMatchObject({
      entry: { text: 'api.github.com', line: 6, column: 3 },
      reason: 'line 11: http_access allow good',
    });
  });

  it.each([
    ['acl a dstdomain a.example\nhttp_access deny a\n', 'allow'],
    ['acl a dstdomain a.example\nhttp_access allow a\n', 'deny'],
    ['acl a dstdomain a.example\n', 'deny'],
    ['', 'deny'],
  ])('%j: what no line names has the opposite of the last line', (text, verdict) => {
    const ruling = judged(text, { host: 'b.example' });
    expect(ruling).toMatchObject({ verdict, rule: { isDefault: true } });
  });

  it.each([
    ['src', 'acl x src 10.0.0.0/8'],
    ['a file of names', 'acl x dstdomain "/etc/squid/names.txt"'],
    ['a regular expression', 'acl x dstdom_regex -i ^api'],
    ['a time', 'acl x time MTWHF 9:00-17:00'],
    ['an unresolved address', 'acl x dst 192.0.2.0/24'],
  ])('a line that asks for %s is never guessed to allow', (_, acl) => {
    const ruling = judged(`${acl}\nhttp_access allow x\nhttp_access deny all\n`, { host: 'a.example' });
    expect(ruling).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('line 2 may allow') as string,
    });
    expect(ruling.notes).toHaveLength(1);
    const open = judged(`${acl}\nhttp_access deny x\nhttp_access allow all\n`, { host: 'a.example' });
    expect(open).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('line 2 may deny') as string,
    });
  });

  it('a line that cannot be judged says nothing where the rest rules alike, or another acl of it misses', () => {
    const acls = 'acl x src 10.0.0.0/8\nacl b dstdomain b.example\n';
    const alike = judged(`${acls}http_access deny x\nhttp_access deny all\n`, { host: 'a.example' });
    expect(alike).toMatchObject({ verdict: 'deny', rule: { line: 4 } });
    const missed = judged(`${acls}http_access deny x b\nhttp_access allow all\n`, { host: 'a.example' });
    expect(missed).toMatchObject({ verdict: 'allow', rule: { line: 4 } });
  });

  it('an include and a condition may hold anything', () => {
    const included = judged('include conf.d/*.conf\nhttp_access allow all\n', { host: 'a.example' });
    expect(included).toMatchObject({ verdict: 'deny', rule: { line: 1 } });
    const within = judged('if ${process_number} = 2\nhttp_access deny all\nendif\nhttp_access allow all\n', {
      host: 'a.example',
    });
    expect(within).toMatchObject({ verdict: 'deny', rule: { line: 2 } });
  });

  it('an acl of addresses is judged where the address is known', () => {
    const text = 'acl inside dst 10.0.0.0/8\nhttp_access deny inside\nhttp_access allow all\n';
    expect(judged(text, { host: '10.1.2.3' }).verdict).toBe('deny');
    expect(judged(text, { host: '192.0.2.1' }).verdict).toBe('allow');
    expect(judged(text, { host: 'a.example', addresses: ['10.1.2.3'] }).verdict).toBe('deny');
    expect(judged(text, { host: 'a.example', addresses: ['192.0.2.1'] }).verdict).toBe('allow');
    expect(judged(text, { host: 'a.example', addresses: ['192.0.2.1', '10.1.2.3'] })).toMatchObject({
      verdict: 'deny',
      notes: [expect.stringContaining('some of the addresses') as string],
    });
  });

  it('any conf of names, ports and methods rules as a walk over its lines does', () => {
    const name = fc.constantFrom('a.example', 'b.example', 'x.a.example');
    const acl = fc.constantFrom('names', 'wide', 'web', 'tunnel', 'all');
    const line = fc.record({
      action: fc.constantFrom('allow', 'deny'),
      acls: fc.array(fc.tuple(fc.boolean(), acl), { minLength: 1, maxLength: 3 }),
    });
    const head =
      'acl names dstdomain b.example\nacl wide dstdomain .a.example\nacl web port 80\nacl tunnel method CONNECT\n';
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        name,
        fc.constantFrom(80, 443),
        fc.constantFrom('GET', 'CONNECT'),
        (lines, host, port, method) => {
          const isMatch: Readonly<Record<string, boolean>> = {
            names: host === 'b.example',
            wide: host.endsWith('a.example'),
            web: port === 80,
            tunnel: method === 'CONNECT',
            all: true,
          };
          const found = lines.find(({ acls }) => acls.every(([isNot, each]) => isMatch[each] !== isNot));
          const expected = found?.action ?? (lines.at(-1)?.action === 'deny' ? 'allow' : 'deny');
          const text = lines.map(
            ({ action, acls }) =>
              `http_access ${action} ${acls.map(([isNot, each]) => (isNot ? '!' : '') + each).join(' ')}\n`,
          );
          expect(judged(head + text.join(''), { host, port, method }).verdict).toBe(expected);
        },
      ),
    );
  });
});

describe('the check of a squid.conf', () => {
  it('a squid.conf that ends in deny all has no problems', () => {
    expect(squidDialect.parse(CONF, PATH).problems).toEqual([]);
  });

  it.each([
    ['http_access allow nowhere\n', 1, 'error', 'ACL not found'],
    ['http_access maybe all\n', 1, 'error', 'neither allows nor denies'],
    ['acl a\nhttp_access deny all\n', 1, 'error', 'without a name or a type'],
    ['acl a dstdomain a.b.example .b.example\nhttp_access deny all\n', 1, 'error', 'is a subdomain of'],
    ['acl a dstdomain "/x"\nhttp_access deny all\n', 1, 'warning', 'not read here'],
    ['include x\nhttp_access deny all\n', 1, 'warning', 'not read here'],
    ['acl a dstdomain *.b\nhttp_access deny all\n', 1, 'warning', 'never matches'],
    [
      'acl a dstdomain b.example\nhttp_access deny a\n',
      2,
      'warning',
      'everything that no line names is allowed',
    ],
  ])('%j is told at its line', (text, line, severity, why) => {
    expect(squidDialect.parse(text, PATH).problems).toContainEqual(
      expect.objectContaining({ line, severity, why: expect.stringContaining(why) as string }),
    );
  });

  it('a squid.conf is never edited', () => {
    const edit = [{ type: 'add', list: 'allow', entry: 'a.example' }] as const;
    expect(editPolicy({ text: CONF, path: PATH, dialect: squidDialect }, edit)).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('never edited') as string,
    });
  });
});
