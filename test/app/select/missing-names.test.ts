import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const nameless = () =>
  openSession({
    traffic: trafficOf([decision('deny', { host: null, agent: null, tool: null, at: NOW })]),
    columns: 120,
  });

it.each([
  ['1', '(no host)'],
  ['2', '(no host)'],
  ['3', '(no tool)'],
  ['4', '(no agent)'],
])(
  'screen %s calls attempts without a name %s, exports leave the name out, and its page says it too',
  (screen, name) => {
    const session = nameless();
    session.press(screen);
    expect(session.rows().some(row => row.startsWith(`▌ ${name} `))).toBe(true);
    expect(session.view().table().rows[0]?.[0]).toBeNull();
  },
);

it('a host that no attempt named has a page of that title', () => {
  const session = nameless();
  session.press('enter');
  expect(session.rows().join('\n')).toContain('(no host)  1 deny');
});

it.each([
  ['3', 'tool:-'],
  ['4', 'agent:-'],
])('screen %s finds attempts without a name by the filter %s, as before', (screen, filter) => {
  const session = nameless();
  session.press(screen, '/');
  session.type(filter);
  session.press('enter');
  expect(session.rows().join('\n')).toMatch(/▌ \(no (?:tool|agent)\)/);
});
