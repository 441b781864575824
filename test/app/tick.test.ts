import { describe, expect, it } from 'vitest';
import { isTickDue } from '../../src/app/tick.ts';
import { openSession, POLICY } from './session.ts';
import { decision } from '../core/sample-events.ts';
import { NOW, trafficOf } from './traffic-of.ts';

/** A session whose grant ends so many seconds from its start. */
function ending(seconds: number) {
  const session = openSession();
  const end = new Date(NOW + seconds * 1_000).toISOString();
  session.load(POLICY.replace('2026-11-20T18:00:00Z', end), 'sha256:2');
  return session;
}

describe('time alone draws the screen anew', () => {
  it('time alone draws the screen anew every quarter of a minute', () => {
    const { state } = openSession();
    expect(isTickDue(state(), NOW + 14_999)).toBe(false);
    expect(isTickDue(state(), NOW + 15_000)).toBe(true);
  });

  it('every five seconds while the chart shows five minutes or less', () => {
    const session = openSession({ traffic: trafficOf([decision('deny', { at: NOW })]) });
    session.press('+');
    expect(session.state().timeSpan.zoom).toBe(1);
    expect(isTickDue(session.state(), NOW + 4_999)).toBe(false);
    expect(isTickDue(session.state(), NOW + 5_000)).toBe(true);
  });

  it('every second on the Policy screen in the last minute of a grant, and nowhere else', () => {
    const session = ending(60);
    expect(isTickDue(session.state(), NOW + 1_000)).toBe(false);
    session.press('6');
    expect(isTickDue(session.state(), NOW + 1_000)).toBe(true);
    session.tell({ type: 'ticked', now: NOW });
    expect(session.rows().join('\n')).toContain('ends in 1 minute');
    session.wait(18_000);
    session.tell({ type: 'ticked', now: NOW + 18_000 });
    session.flush();
    expect(session.rows().join('\n')).toContain('ends in 42 seconds');
    session.press('?');
    expect(isTickDue(session.state(), NOW + 19_000)).toBe(false);
  });

  it('no more than that for a grant that ends later', () => {
    const session = ending(120);
    session.press('6');
    expect(isTickDue(session.state(), NOW + 1_000)).toBe(false);
  });
});
