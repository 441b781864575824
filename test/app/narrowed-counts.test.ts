import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../../src/core/event.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { trafficOf } from './traffic-of.ts';

const EVENTS = [
  ...Array.from({ length: 5 }, () => decision('allow', { host: 'a.example', tool: 'bash', agent: 'one' })),
  decision('deny', { host: 'a.example', tool: 'fetch', agent: 'one' }),
  decision('deny', { host: 'a.example', tool: 'fetch', agent: 'two' }),
  decision('allow', { host: 'b.example', tool: 'fetch', agent: 'two' }),
  decision('error', { host: 'b.example', tool: 'fetch', agent: 'two' }),
  decision('allow', { host: 'b.example', tool: 'fetch', agent: 'one' }),
  decision('would-deny', { host: 'c.example', tool: null, agent: 'one' }),
];
const open = (size = {}): Session => openSession({ traffic: trafficOf(EVENTS), columns: 120, ...size });
const filtered = (text: string, screen = '1', size = {}): Session => {
  const session = open(size);
  session.press(screen, '/');
  session.type(text);
  session.press('enter');
  return session;
};
/** The numbers behind a name in its row; a dot is none. */
const numbers = (session: Session, name: string): readonly number[] => {
  const row = session.rows().find(text => new RegExp(`^[▌ ]\\S* *${name} `).test(text)) ?? '';
  return (row.slice(row.indexOf(name) + name.length).match(/(?<= )(?:\d+|·)(?= |$)/g) ?? []).map(text =>
    text === '·' ? 0 : Number(text),
  );
};

describe('the counts of one tool or agent', () => {
  it('Enter on a tool counts that tool alone on every host, and the header says so', () => {
    const session = open();
    session.press('3');
    session.press('enter'); // bash and fetch have five decisions each; bash comes first by name
    expect(session.state().filter.text).toBe('tool:bash');
    expect(session.rows()[1]).toBe(' tool bash only: 5 decisions  5 allow  0 deny'); // no chart of all traffic
    expect(numbers(session, 'a.example').slice(0, 4)).toEqual([5, 5, 0, 0]);
    session.press('esc', 'down', 'enter');
    expect(session.rows()[1]).toContain('tool fetch only: 5 decisions  2 allow  2 deny  1 error');
    expect(numbers(session, 'a.example').slice(0, 4)).toEqual([2, 0, 2, 0]);
    expect(numbers(session, 'b.example').slice(0, 4)).toEqual([3, 2, 0, 1]);
  });

  it('Enter on an agent counts that agent alone on every host, and the header says so', () => {
    const session = open();
    session.press('4', 'down', 'enter');
    expect(session.rows()[1]).toContain('agent two only: 3 decisions  1 allow  1 deny  1 error');
    expect(numbers(session, 'a.example').slice(0, 4)).toEqual([1, 0, 1, 0]);
  });

  it.each([
    ['tool:bash', [5, 5, 0, 0]],
    ['tool:*', [7, 5, 2, 0]],
    ['tool:bash,fetch', [7, 5, 2, 0]],
    ['tool:fetch a.ex', [2, 0, 2, 0]],
    ['tool:fetch verdict:deny', [2, 0, 2, 0]],
    ['agent:two', [1, 0, 1, 0]],
    ['!tool:other', [7, 5, 2, 0]],
    ['tool:fetch agent:one', [7, 5, 2, 0]],
  ])('under %s the host a.example counts %j', (text, expected) => {
    expect(numbers(filtered(text), 'a.example').slice(0, 4)).toEqual(expected);
  });

  it('no host is named as a whole beside the counts of one tool', () => {
    const head = (text: string) => filtered(text, '1', { columns: 320 }).rows()[3];
    for (const title of ['BYTES', 'P95', 'STATUS', 'LAST UTC']) {
      expect(head('host:*')).toContain(title);
      expect(head('tool:fetch')).not.toContain(title);
    }
    expect(head('tool:fetch')).toContain('HOST LAST');
  });

  it('a filter for a missing tool counts the decisions that name none', () => {
    const session = filtered('tool:-');
    expect(session.rows()[1]).toContain('tool - only: 1 decision');
    expect(session.view().order.slice()).toEqual(['c.example']);
  });

  it('two filters of the kind, for which no counts are kept, show whole hosts, and the header claims nothing', () => {
    expect(filtered('tool:fetch agent:one').rows()[1]).toContain('11 decisions');
    expect(filtered('tool:fetch agent:one').rows()[1]).not.toContain('only');
  });

  it('verdict: beside tool: asks the counts of that tool', () => {
    expect(filtered('tool:bash verdict:deny').view().order.slice()).toEqual([]);
    expect(filtered('tool:fetch !verdict:error').view().order.slice()).toEqual(['a.example']);
  });

  it('Denied leaves out the hosts that the tool was never refused, and counts its refusals', () => {
    expect(filtered('tool:bash', '2').view().order.slice()).toEqual([]);
    const session = filtered('agent:two', '2');
    expect(session.view().order.slice()).toEqual(['a.example']);
    expect(numbers(session, 'a.example')[0]).toBe(1);
  });

  it('the hosts are sorted by the counts that are shown', () => {
    expect(filtered('tool:fetch').view().order.slice()).toEqual(['b.example', 'a.example']);
  });

  it('a total that may lack decisions of names that did not fit has a plus behind it', () => {
    const traffic = trafficOf(EVENTS, { namesPerHost: 1 });
    const session = openSession({ traffic, columns: 120 });
    session.press('/');
    session.type('tool:bash');
    expect(session.rows().find(row => row.includes('a.example'))).toMatch(/ 5\+ /);
  });

  it('the counts of all tools of a host add up to the host, whatever was seen', () => {
    const name = fc.constantFrom('x', 'y', 'z', null);
    const event = fc.record({ host: fc.constantFrom('a.example', 'b.example'), tool: name, agent: name });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...VERDICTS), event), { maxLength: 30 }), decisions => {
        const traffic = trafficOf(decisions.map(([verdict, facts]) => decision(verdict, facts)));
        const session = openSession({ traffic, columns: 120 });
        const whole = numbers(session, 'a.example')[0] ?? 0;
        let sum = 0;
        for (const tool of ['x', 'y', 'z', '-']) {
          session.press('/', 'ctrl-u');
          session.type(`tool:${tool}`);
          session.press('enter');
          sum += numbers(session, 'a.example')[0] ?? 0;
        }
        expect(sum).toBe(whole);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the page of a host', () => {
  it.each([
    [80, 24],
    [140, 40],
    [200, 60],
  ])('the page shows each tool and agent by verdict at %d×%d', (columns, rows) => {
    const session = filtered('host:a.example', '1', { columns, rows });
    session.press('enter');
    const text = session.rows().map(row => row.replace(/ +/g, ' '));
    expect(text).toContain(' TOOL TOTAL ALLOW DENY');
    expect(text).toContain(' bash 5 5 ·');
    expect(text).toContain(' fetch 2 · 2');
    expect(text).toContain(' AGENT TOTAL ALLOW DENY');
    expect(text).toContain(' one 6 5 1');
    expect(text).toContain(' two 1 · 1');
  });

  it('the page has a column for a rare verdict only where it was given', () => {
    const session = filtered('host:c.example');
    session.press('enter');
    expect(session.rows().map(row => row.replace(/ +/g, ' '))).toContain(' TOOL TOTAL WOULD-DENY');
  });

  it('the page sums up the tools that have no row of their own', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      Array.from({ length: 12 - index }, () =>
        decision('deny', { host: 'a.example', tool: `tool-${index}` }),
      ),
    );
    const session = openSession({ traffic: trafficOf(many.flat()), rows: 50 });
    session.press('enter');
    expect(session.rows().map(row => row.replace(/ +/g, ' '))).toContain(' and 4 more 10 10');
  });
});

describe('the counts of a tool and an agent together', () => {
  it.each(['1', '2'])('a filter of both says that the rows count whole hosts, on screen %s', screen => {
    const session = filtered('tool:fetch agent:one', screen);
    expect(session.rows()[1]).toContain('rows count whole hosts: ');
    expect(filtered('tool:fetch', screen).rows()[1]).not.toContain('whole hosts');
  });
});
