import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../../src/core/event.ts';
import { suggest, SUGGEST_DEFAULTS } from '../../../src/core/suggest/suggest.ts';
import { finished } from '../../../src/core/work.ts';
import {
  editOf,
  evidenceOf,
  type Suggestion,
  type Suggestions,
} from '../../../src/core/suggest/suggestion.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { awf } from '../../../src/systems/awf/index.ts';
import { aasm } from '../../../src/systems/aasm/index.ts';
import { domainNames } from '../../../src/systems/policy-text/domain-names.ts';
import { orcarouter } from '../../../src/systems/orcarouter/index.ts';
import { zeph } from '../../../src/systems/zeph/index.ts';
import { microagentDialect as dialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { decision } from '../sample-events.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const DAY = 86_400_000;

interface Asked {
  readonly policy?: string;
  readonly minHosts?: number;
}

function suggested(
  events: readonly EgressEvent[],
  { policy = 'allow:\n', minHosts = 3 }: Asked = {},
): Suggestions {
  const traffic = new Traffic();
  for (const event of events) traffic.add(event, NOW);
  const parsed = dialect.parse(policy, 'policy.yaml');
  if (parsed.type === 'invalid') throw new Error('the policy of a test must parse');
  return finished(
    suggest(traffic, {
      ...SUGGEST_DEFAULTS,
      policy: parsed.policy,
      dialect,
      names: domainNames,
      minHosts,
    }),
  );
}

const through = (...hosts: readonly string[]): EgressEvent[] =>
  hosts.map(host => decision('allow', { host, at: NOW }));
const denied = (...hosts: readonly string[]): EgressEvent[] =>
  hosts.map(host => decision('deny', { host, at: NOW }));
const entries = ({ list }: Suggestions, group: Suggestion['group'] = 'allow'): readonly string[] =>
  list.filter(found => found.group === group).map(({ change }) => change.entry);
const ticked = ({ list }: Suggestions): readonly string[] =>
  list.filter(({ isChosen }) => isChosen).map(({ change }) => change.entry);

describe('what was let through, and no entry permits', () => {
  it('a host that was let through without an entry is suggested with its evidence, the busiest first', () => {
    const found = suggested([
      ...through('quiet.example'),
      decision('allow', { host: 'busy.test', at: NOW - DAY, agent: 'a', tool: 'fetch' }),
      decision('error', { host: 'busy.test', at: NOW, agent: 'b', tool: 'fetch' }),
    ]);
    expect(entries(found)).toEqual(['busy.test', 'quiet.example']);
    const { counts, agents, tools, first, last } = evidenceOf(found.list[0] as Suggestion);
    expect({ ...counts.verdicts(), first, last }).toMatchObject({
      allow: 1,
      error: 1,
      first: NOW - DAY,
      last: NOW,
    });
    expect([agents.ranked(), tools.ranked()]).toEqual([
      [
        ['a', 1],
        ['b', 1],
      ],
      [['fetch', 2]],
    ]);
  });

  it('a host that an entry permits already is not suggested', () => {
    expect(
      suggested(through('docs.rs', 'files.pypi.org', 'pinned.example'), {
        policy: 'allow: [docs.rs, .pypi.org]\npassthrough: [pinned.example]\n',
      }).list.filter(({ change }) => change.type === 'add'),
    ).toEqual([]);
  });

  it('no wide entry is suggested for a domain whose own name was denied', () => {
    const { list } = suggested([
      ...through('a.cdn.example.com', 'b.cdn.example.com', 'c.cdn.example.com'),
      ...denied('cdn.example.com'),
    ]);
    const chosen = list.filter(({ isChosen }) => isChosen).map(({ change }) => change.entry);
    expect(chosen.toSorted()).toEqual(['a.cdn.example.com', 'b.cdn.example.com', 'c.cdn.example.com']);
  });

  it('an entry that covers a denied host below its own is not ticked, and says which', async () => {
    const ofAwf = await awf.dialect();
    const parsed = ofAwf.parse('other.example\n', 'domains.txt');
    if (parsed.type !== 'valid') throw new Error('the policy of a test must parse');
    const traffic = new Traffic();
    for (const event of [...through('b.example.com', 'c.example.org'), ...denied('a.b.example.com')])
      traffic.add(event, NOW);
    const { policy } = parsed;
    const { list } = finished(
      suggest(traffic, { ...SUGGEST_DEFAULTS, policy, dialect: ofAwf, names: domainNames }),
    );
    expect(
      list
        .filter(({ group }) => group === 'allow')
        .map(({ change, isChosen, remarks }) => ({ entry: change.entry, isChosen, remarks })),
    ).toEqual([
      {
        entry: 'b.example.com',
        isChosen: false,
        remarks: ['also covers a.b.example.com: look at that host first'],
      },
      { entry: 'c.example.org', isChosen: true, remarks: [] },
    ]);
  });

  it('the policy with the suggested entries permits what was let through', () => {
    const host = fc.stringMatching(/^[a-d]{1,2}(\.[a-c]){0,3}\.(com|co\.uk|github\.io|amazonaws\.com|test)$/);
    fc.assert(
      fc.property(fc.array(host, { maxLength: 30 }), fc.array(host, { maxLength: 5 }), (passed, refused) => {
        const wanted = passed.filter(name => !refused.includes(name));
        const { list } = suggested([...through(...passed), ...denied(...refused)]);
        const chosen = list.filter(({ isChosen }) => isChosen);
        const covers = (name: string): boolean =>
          chosen.some(({ change }) => dialect.covers(change.entry, name));
        const plain = new Set(
          list
            .filter(({ group, remarks }) => group === 'allow' && remarks.length > 0)
            .flatMap(({ rows }) => rows.map(row => row.name)),
        );
        expect(wanted.filter(name => !plain.has(name) && !covers(name))).toEqual([]);
        expect(refused.filter(covers)).toEqual([]);
      }),
    );
  });
});

describe('a policy that is still open', () => {
  it.each([
    ['zeph', zeph, 'config.toml', '[tools.scrape]\nallowed_domains = []\n'],
    ['aasm', aasm, 'policy.yaml', 'spec:\n  tools: {}\n'],
    [
      'orcarouter',
      orcarouter,
      'p.json',
      '{"name":"p","default_verdict":"audit","is_default":true,"rules":[]}',
    ],
  ])('an open policy of %s gets the list that would close it', async (_, system, path, text) => {
    const dialect = await system.dialect();
    const parsed = dialect.parse(text, path);
    if (parsed.type !== 'valid') throw new Error('the policy of a test must parse');
    const traffic = new Traffic();
    for (const event of through('docs.rs', 'crates.io')) traffic.add(event, NOW);
    const { policy } = parsed;
    const found = finished(suggest(traffic, { ...SUGGEST_DEFAULTS, policy, dialect, names: domainNames }));
    expect(ticked(found)).toEqual(['docs.rs', 'crates.io']);
  });
});

describe('rolling up', () => {
  it('wants so many hosts below the domain as it is told', () => {
    const hosts = through('a.one.test', 'b.one.test', 'c.one.test', 'a.two.test', 'b.two.test');
    expect(entries(suggested(hosts)).toSorted()).toEqual(['.one.test', 'a.two.test', 'b.two.test']);
    expect(entries(suggested(hosts, { minHosts: 2 })).toSorted()).toEqual(['.one.test', '.two.test']);
    expect(entries(suggested(hosts, { minHosts: 4 }))).toHaveLength(5);
  });

  it('counts the hosts below, not the domain itself', () => {
    expect(entries(suggested(through('one.test', 'a.one.test', 'b.one.test')))).toHaveLength(3);
  });

  it('goes no wider than the hosts it stands for', () => {
    expect(entries(suggested(through('a.cdn.one.test', 'b.cdn.one.test', 'c.cdn.one.test')))).toEqual([
      '.cdn.one.test',
    ]);
    expect(entries(suggested(through('a.cdn.one.test', 'b.cdn.one.test', 'www.one.test')))).toEqual([
      '.one.test',
    ]);
  });

  it.each([
    ['a public suffix', ['a.co.uk', 'b.co.uk', 'c.co.uk']],
    ['a hosting company', ['a.github.io', 'b.github.io', 'c.github.io']],
    ['a cloud', ['a.amazonaws.com', 'b.amazonaws.com', 'c.amazonaws.com']],
    [
      'a region of a cloud',
      ['a.eu-west-1.amazonaws.com', 'b.eu-west-1.amazonaws.com', 'c.eu-west-1.amazonaws.com'],
    ],
    ['a top-level domain', ['a.com', 'b.com', 'c.com']],
  ])('rolling up never goes across %s', (_, hosts) => {
    expect(entries(suggested(through(...hosts))).toSorted()).toEqual(hosts);
  });

  it('rolling up never lets in a host that was denied', () => {
    const found = suggested([
      ...through('a.one.test', 'b.one.test', 'c.one.test'),
      ...denied('exfil.one.test'),
    ]);
    expect(entries(found)).toEqual(['a.one.test', 'b.one.test', 'c.one.test']);
  });

  it('rolling up never opens the inside', () => {
    const inside = decision('allow', { host: 'db.one.test', address: '10.0.0.4', at: NOW });
    const found = suggested([...through('a.one.test', 'b.one.test', 'c.one.test'), inside]);
    expect(entries(found)).toEqual(['a.one.test', 'b.one.test', 'c.one.test']);
  });

  it('leaves denied hosts each by itself', () => {
    expect(entries(suggested(denied('a.one.test', 'b.one.test', 'c.one.test')), 'denied')).toHaveLength(3);
  });
});

describe('nothing is guessed in favour of the user', () => {
  it('a host that was denied even once is apart, and not ticked', () => {
    const found = suggested([...through('a.test', 'a.test', 'b.test'), ...denied('a.test')]);
    expect([entries(found), entries(found, 'denied'), ticked(found)]).toEqual([
      ['b.test'],
      ['a.test'],
      ['b.test'],
    ]);
  });

  it('what shadow mode would have denied counts as denied', () => {
    const found = suggested([decision('would-deny', { host: 'a.test', at: NOW })]);
    expect([entries(found, 'denied'), ticked(found)]).toEqual([['a.test'], []]);
  });

  it('a host that was never reached is not ticked', () => {
    const found = suggested([decision('error', { host: 'gihtub.test', at: NOW })]);
    expect([entries(found), ticked(found)]).toEqual([['gihtub.test'], []]);
  });

  it('an address comes with a warning', () => {
    const found = suggested(through('203.0.113.9'));
    expect([entries(found), ticked(found)]).toEqual([['203.0.113.9'], []]);
    expect(found.list[0]?.remarks[0]).toContain('an address');
  });

  it.each([
    ['169.254.169.254'],
    ['10.0.0.4'],
    ['::1'],
    ['metadata.google.internal'],
    ['db.corp'],
    ['localhost'],
    ['nodots'],
    ['\u001b[2jx.example'],
    ['a b.example'],
    ['*.example'],
    ['moc\u202e.example'],
    ['x'.repeat(70) + '.example'],
  ])('%j is left out, and why is said', host => {
    const found = suggested([...through(host), ...denied(host)]);
    expect(found.list).toEqual([]);
    expect(found.leftOut).toEqual([{ host, why: expect.any(String) as string }]);
  });

  it('a public name that was dialled at an inside address is left out', () => {
    const found = suggested([decision('allow', { host: 'rebind.test', address: '10.0.0.4', at: NOW })]);
    expect(found.list).toEqual([]);
    expect(found.leftOut[0]?.why).toContain('10.0.0.4');
  });

  it.each([
    ['githib.com', 'looks like github.com'],
    ['gihtub.com', 'looks like github.com'],
    ['xn--gthub-n2e.com', 'looks like github.com'],
    ['g1thub.com', 'looks like github.com'],
    ['github.com.evil.test', 'spells github.com'],
    ['github-com.evil.test', 'spells github.com'],
  ])('%s is told from the host that is in use', (host, remark) => {
    const found = suggested([...through('api.github.com', 'api.github.com', host)]);
    const suspect = found.list.find(({ change }) => change.entry === host);
    expect(suspect?.remarks.join()).toContain(remark);
    expect(ticked(found)).toEqual(['api.github.com']);
  });

  it.each([['cdn2.one.test'], ['other.test'], ['gitlab.com']])('%s is like no other', host => {
    expect(
      ticked(suggested(through('github.com', 'github.com', 'cdn1.one.test', 'cdn1.one.test', host))),
    ).toContain(host);
  });
});

describe('passthrough', () => {
  const refused = (host: string): EgressEvent =>
    decision('error', {
      host,
      at: NOW,
      kind: 'egress_mitm_handshake_error',
      reason: 'unknown certificate authority',
    });

  it('passthrough is suggested, not ticked, where a client refused the certificate', () => {
    const { list } = suggested([refused('pinned.test'), refused('pinned.test')]);
    const found = list.find(({ group }) => group === 'passthrough');
    expect(found).toMatchObject({
      change: { type: 'add', list: 'passthrough', entry: 'pinned.test' },
      isChosen: false,
      remarks: ['certificate refused ×2: unknown certificate authority'],
    });
  });

  it('passthrough is not suggested where the policy passes the host through already', () => {
    const policy = 'allow:\npassthrough: [pinned.test]\n';
    expect(suggested([refused('pinned.test')], { policy }).list).toEqual([]);
  });

  it('chosen together with allow makes one entry of the two', () => {
    const { list } = suggested([...through('pinned.test'), refused('pinned.test')]);
    expect(editOf(list)).toEqual([{ type: 'add', list: 'passthrough', entry: 'pinned.test' }]);
  });
});

describe('what could go', () => {
  const old = (host: string, days: number): EgressEvent => decision('allow', { host, at: NOW - days * DAY });

  it('an entry that was not used for long could go, and never a grant', () => {
    const policy =
      'allow:\n  - used.test\n  - stale.test\n  - idle.test\n  - lent.test # egresstop: until 2031-01-01T00:00:00Z\n';
    const found = suggested(
      [old('used.test', 40), old('stale.test', 35), old('used.test', 1), old('x.test', 0)],
      { policy },
    );
    expect(
      found.list.filter(({ group }) => group === 'unused').map(({ change, remarks }) => [change, remarks[0]]),
    ).toEqual([
      [
        { type: 'remove', list: 'allow', entry: 'stale.test' },
        'not used since 2026-10-16, in 40 days of log',
      ],
      [{ type: 'remove', list: 'allow', entry: 'idle.test' }, 'never used, in 40 days of log'],
    ]);
  });

  it('a log that is too short cannot tell unused entries, and a note says so', () => {
    const found = suggested([old('x.test', 2), old('x.test', 0)], { policy: 'allow: [idle.test]\n' });
    expect(entries(found, 'unused')).toEqual([]);
    expect(found.notes).toEqual(['the log spans 2 days, too short to find entries unused for 30 days']);
  });

  it('an entry that another one covers could go, and then that other one stays', () => {
    const policy = 'allow: [.pypi.org, files.pypi.org, .files.pypi.org, other.test]\n';
    const found = suggested([old('files.pypi.org', 40), old('other.test', 0)], { policy });
    expect(
      found.list
        .filter(({ change }) => change.type === 'remove')
        .map(({ change, remarks }) => [change.entry, remarks[0]]),
    ).toEqual([
      ['files.pypi.org', 'covered by .files.pypi.org (line 1)'],
      ['.files.pypi.org', 'covered by .pypi.org (line 1)'],
    ]);
  });
});

it('a denied host that was let through as well comes before those that never were', () => {
  const found = suggested([
    ...denied('never.test', 'never.test'),
    ...denied('once.test'),
    ...through('once.test'),
  ]);
  expect(entries(found, 'denied')).toEqual(['once.test', 'never.test']);
});

it('only the most denied hosts are listed, and a note counts the others', () => {
  const found = suggested(denied(...Array.from({ length: 1_200 }, (_, index) => `h${index}.test`)));
  expect(entries(found, 'denied')).toHaveLength(1_000);
  expect(found.notes[0]).toBe('200 more denied hosts are not listed');
});
