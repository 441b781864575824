import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { openSession, type Session } from '../session.ts';
import { trafficOf } from '../traffic-of.ts';

/** A session over one decision of each pair of agent and host. */
const watching = (pairs: readonly (readonly [agent: string, host: string])[]): Session =>
  openSession({
    columns: 139,
    traffic: trafficOf(pairs.map(([agent, host]) => decision('allow', { agent, host }))),
  });

it('Enter on an agent opens its hosts with the cursor on the first, where the host under it is none of them', () => {
  const pairs: readonly (readonly [agent: string, host: string])[] = [
    ['crawler', 'a.test'],
    ['crawler', 'a.test'],
    ['crawler', 'a.test'],
    ['crawler', 'b.test'],
    ['crawler', 'b.test'],
    ['builder', 'c.test'],
  ];
  const session = watching(pairs);
  const under = (): string | undefined => session.rows().find(row => row.startsWith('▌'));
  session.press('1', 'G');
  expect(under()).toContain('c.test');
  session.press('4', 'g', 'enter');
  expect(session.rows()[2]).toContain('/agent:crawler (Esc)');
  expect(under()).toContain('a.test');
});

it('the footer says that q goes back on a page and on the rows that Enter opened, and quits at the root', () => {
  const session = watching([['builder', 'a.test']]);
  const last = (): string => session.rows().at(-1) ?? '';
  expect(last()).toContain('q quit');
  session.press('enter');
  expect(last()).toContain('q back');
  session.press('esc', '4', 'enter');
  expect(last()).toContain('q back');
  session.press('q');
  expect(last()).toContain('q quit');
});

it.each([
  [100, 'crawler', '/agent:crawler (Esc)'],
  [80, 'crawler', '/agent:crawler (Esc)'],
  [80, 'researcher', '/agent:researcher'],
])(
  'in %i columns the filter by agent %s stands whole, with Esc where there is room',
  (columns, agent, shown) => {
    const session = openSession({
      columns,
      traffic: trafficOf([decision('allow', { agent, host: 'a.test' })]),
    });
    session.press('4', 'enter');
    expect(session.rows()[2]?.endsWith(` ${shown}`)).toBe(true);
  },
);
