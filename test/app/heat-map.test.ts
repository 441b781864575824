import { expect, it } from 'vitest';
import { decision } from '../core/sample-events.ts';
import { openSession } from './session.ts';
import { trafficOf } from './traffic-of.ts';

const EVENTS = [
  ...Array.from({ length: 4 }, () => decision('allow', { host: 'a.example', tool: 'fetch' })),
  decision('deny', { host: 'a.example', tool: 'fetch' }),
  decision('allow', { host: 'b.example', tool: 'bash' }),
  decision('deny', { host: 'b.example', tool: 'bash' }),
  decision('error', { host: 'c.example', tool: 'bash' }),
];
const map = (columns: number, rows: number) => {
  const session = openSession({ traffic: trafficOf(EVENTS), columns, rows });
  session.press('3');
  return session.rows().map(row => row.replace(/│.*/, '').replace(/ +/g, ' ').trimEnd());
};

it.each([
  [80, 24],
  [140, 40],
  [200, 60],
])('Tools shows how each host was ruled on for each tool at %d×%d', (columns, rows) => {
  const shown = map(columns, rows);
  expect(shown).toContain(' HOST × TOOL fetch bash');
  expect(shown).toContain(' a.example 5 allow+ ·');
  expect(shown).toContain(' b.example · 2 deny+');
  expect(shown).toContain(' c.example · 1 error');
  expect(shown.join('\n')).toContain('A cell: decisions and the commonest verdict');
});

it('a heat map takes only the room that the tools leave', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    decision('allow', { host: 'a.example', tool: `tool-${index}` }),
  );
  const session = openSession({ traffic: trafficOf(many), columns: 80, rows: 24 });
  session.press('3');
  expect(session.rows().join('\n')).not.toContain('HOST ×');
  session.press('4');
  expect(session.rows().join('\n')).not.toContain('HOST ×');
});
