import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { decision, info } from '../core/sample-events.ts';
import { openSession } from './session.ts';
import { trafficOf } from './traffic-of.ts';

const EVENTS = [
  decision('allow', { host: 'a.example', tool: 'fetch' }),
  info({ tool: 'fetch', kind: 'response' }),
  info({ tool: 'kb.read', kind: 'inbound' }),
  ...Array.from({ length: 3 }, () => info({ tool: 'kb.read', kind: 'mcp' })),
  info({ tool: 'shell', kind: '' }),
  info({ kind: 'listen' }),
];
const rowOf = (events: readonly EgressEvent[], name: string, columns = 120): string | undefined => {
  const session = openSession({ traffic: trafficOf(events), columns, rows: 24 });
  session.press('3');
  return session.rows().find(row => row.includes(name));
};

describe('a tool of other surfaces', () => {
  it.each([80, 120, 200])(
    'Tools lists it with its surfaces, the most frequent first, at %d columns',
    columns => {
      expect(rowOf(EVENTS, 'kb.read', columns)).toMatch(/kb\.read +0 .* mcp 3, inb/);
    },
  );

  it.each([
    ['fetch', /fetch +1 .* response 1$/],
    ['shell', /shell +0 .* - 1$/],
  ])('the row of %s matches %s', (name, row) => {
    expect(rowOf(EVENTS, name)).toMatch(row);
  });

  it('the column is left out where no tool was seen elsewhere', () => {
    expect(rowOf(EVENTS.slice(0, 1), 'TOOL')).not.toContain('SURFACES');
    expect(rowOf(EVENTS, 'TOOL')).toContain('SURFACES');
  });

  it('records without a tool, and other screens, list nothing', () => {
    const session = openSession({ traffic: trafficOf(EVENTS) });
    session.press('3');
    expect(session.view().order.length).toBe(3);
    session.press('4');
    expect(session.view().order.slice()).toEqual(['-']);
  });

  it('Enter shows its records on Stream, and Esc goes back to Tools', () => {
    const session = openSession({ traffic: trafficOf(EVENTS) });
    session.press('3', '/');
    session.type('kb');
    session.press('enter', 'enter');
    expect(session.state()).toMatchObject({ screen: 'stream', filter: { text: 'tool:kb.read' } });
    session.press('esc');
    expect(session.state()).toMatchObject({ screen: 'tools', filter: { text: 'kb' } });
  });

  it('tools beyond the limit are one row, which has their surfaces', () => {
    const session = openSession({ traffic: trafficOf(EVENTS, { names: 1 }), columns: 120 });
    session.press('3');
    expect(session.rows().find(row => row.includes('(other)'))).toMatch(/mcp 3, - 1/);
  });
});
