import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../src/core/event.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const MINUTE = 60_000;

const at = (minutesAgo: number, verdict: 'allow' | 'deny' | 'error' = 'allow'): EgressEvent =>
  decision(verdict, { host: 'docs.rs', at: NOW - minutesAgo * MINUTE });

const many = (count: number, event: EgressEvent): readonly EgressEvent[] =>
  Array.from({ length: count }, () => event);

const open = (events: readonly EgressEvent[], rows = 40): Session =>
  openSession({ traffic: trafficOf(events), columns: 120, rows });

const title = (session: Session): string => session.rows()[3] ?? '';

describe('the chart of decisions over time', () => {
  it('stands above the list where the terminal has 34 rows, and the small bars where it has not', () => {
    const events = [at(20), at(1, 'deny'), at(0)];
    expect(title(open(events, 34))).toMatch(/^ decisions per minute · 1 h +█ 1 deny +⣿ 2 allow/);
    const low = open(events, 33).rows().join('\n');
    expect(low).not.toContain('decisions per');
    expect(low).toMatch(/deny .*█/);
  });

  it('leaves its place to a page, and to a dialog where the list would be left without lines', () => {
    const session = open([at(1)], 34);
    session.press('enter');
    expect(session.rows().join('\n')).not.toContain('decisions per');
    session.press('esc', 'a');
    session.plan();
    expect(session.rows()).toHaveLength(34);
  });

  it('shows one denial among ten thousand decisions of the same column', () => {
    const session = open([...many(10_000, at(5)), at(5, 'deny')]);
    expect(session.rows().slice(4, 8).join('')).toContain('▁');
    expect(title(session)).toContain('1 deny');
  });

  it('draws each verdict in a form of its own, so that none needs a colour', () => {
    const session = open([...many(40, at(9)), ...many(40, at(6, 'deny')), ...many(40, at(3, 'error'))]);
    const bars = session.rows().slice(4, 8).join('');
    for (const form of ['⣿', '█', '▒']) expect(bars).toContain(form);
    expect(title(session)).toMatch(/█ 40 deny +▒ 40 other +⣿ 40 allow/);
  });

  it('names the times below the columns, as the logs have them', () => {
    expect(open([at(40), at(0)]).rows()[8]).toMatch(/└─*┴11:15─+┴11:30─+┴11:45/);
  });

  it('shows a longer time with -, a shorter one with +, and ends at all and at one minute', () => {
    const session = open([at(3 * 24 * 60), at(300), at(30), at(0)]);
    expect(title(session)).toContain('· 1 h');
    session.press('-');
    expect(title(session)).toMatch(/per 5 min · 6 h .* 3 allow/);
    session.press(...Array<string>(9).fill('-'));
    expect(title(session)).toMatch(/· all .* 4 allow/);
    session.press(...Array<string>(12).fill('+'));
    expect(title(session)).toMatch(/per second · 1 min .* 1 allow/);
  });

  it('moves back by half of its time with [, and with ] until it follows the newest decisions again', () => {
    const session = open([at(50), at(45), at(0)]);
    session.press('+', '[', '[', '[', '[', '[');
    expect(title(session)).toMatch(/· 15 min · 11:07 – 11:23 .* 2 allow|· 15 min · 11:07 – 11:22 .* 2 allow/);
    session.press(']', ']', ']', ']', ']');
    expect(title(session)).toMatch(/· 15 min .* 1 allow/);
    expect(session.state().timeSpan.until).toBeNull();
  });

  it('ends with the newest decision of an old log', () => {
    const session = open([at(5 * 24 * 60), at(5 * 24 * 60 - 2)]);
    expect(title(session)).toMatch(/· 15 min .* 2 allow/);
  });
});

describe('a window of time', () => {
  const open30 = (): Session => open([at(50), at(20, 'deny'), at(5)]);

  it('{ and } set it to the time that the chart shows: { leaves its end open while the chart follows, } does not', () => {
    const session = open30();
    session.press('+', '{');
    expect(session.state().window).toMatchObject({ from: NOW - 15 * MINUTE + 10_000, until: null });
    expect(session.effects.at(-1)).toMatchObject({ type: 'count-window', until: null });
    session.press('}');
    expect(session.state().window?.until).toBe(NOW + 10_000);
    session.press('[', '{');
    expect(session.state().window?.until).not.toBeNull();
  });

  it('shows only what is counted for it, and = brings all back', () => {
    const session = open30();
    session.press('{');
    expect(session.rows()[1]).toMatch(/11:0\d:\d\d on +0% … +0 decisions so far/);
    session.store.window?.add(at(5));
    session.tell({ type: 'window-read', progress: null, lacking: ['-'] });
    session.flush();
    expect(session.rows()[1]).toMatch(/on +without -, not to be read again +1 decision +1 allow/);
    session.press('=');
    expect(session.effects.at(-1)).toEqual({ type: 'leave-window' });
    expect(session.rows()[1]).toMatch(/^ 3 decisions/);
    session.press('=');
    expect(session.rows().join('\n')).toContain('no window is set');
  });

  it('says on each empty list that the window is counted, or had nothing', () => {
    const session = open30();
    session.press('{', '5');
    expect(session.rows().join('\n')).toContain('The window is being counted');
    session.tell({ type: 'window-read', progress: null, lacking: [] });
    for (const key of ['1', '2', '3', '4', '5']) {
      session.press(key);
      expect(session.rows().join('\n')).toContain(
        'Nothing was decided in the window. Key = leaves the window.',
      );
    }
  });

  it('says on Stream which command prints records of a window that it does not hold', () => {
    const session = open30();
    session.press('{', '5');
    session.tell({ type: 'window-read', progress: null, lacking: [] });
    session.store.window?.traffic.totals.add('allow', 3);
    session.flush();
    session.press('1', '5');
    const text = session.rows().join(' ').replace(/ +/g, ' ');
    expect(text).toContain('The window has 3 decisions, but Stream holds only the newest records');
    expect(text).toMatch(/egresstop log SOURCE --since 2026-\S+Z prints them/);
  });

  it('lets a frozen view follow again, for it shows what is counted now', () => {
    const session = open30();
    session.press('F', '{');
    session.store.window?.add(at(1));
    session.flush();
    expect(session.rows()[1]).toContain('1 decision');
    expect(session.rows()[1]).not.toContain('FROZEN');
  });

  it('takes in what comes of a source that cannot be read again, if it lies inside', () => {
    const session = open30();
    session.press('{');
    session.store.add(at(0), { isLive: true, comesOnce: true });
    session.store.add(at(400), { isLive: true, comesOnce: true });
    session.store.add(at(0), { isLive: true });
    expect(session.store.window?.traffic.totals.total).toBe(1);
    expect(session.store.traffic.totals.total).toBe(6);
  });

  it('makes the axis of the chart heavy', () => {
    const session = open30();
    session.press('+', '}', '-');
    expect(session.rows()[8]).toMatch(/└[─┴\d:]+┻11:45━+─*$/);
  });
});
