import { expect, it } from 'vitest';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const seen = ({ rows }: Session): string => rows().join('\n');
const order = (session: Session): string =>
  session
    .rows()
    .flatMap(row => /\b([ab])\.example/.exec(row)?.[1] ?? [])
    .join('');

it('a frozen view counts beside itself what arrives, and shows it all when it follows again', () => {
  const session = openSession({ traffic: trafficOf([decision('deny', { host: 'a.example', at: NOW })]) });
  session.press('F');
  expect(seen(session)).toContain('FROZEN +0');
  for (const host of ['b.example', 'c.example']) session.store.add(decision('allow', { host, at: NOW }));
  session.store.add(decision('deny', { host: 'a.example', at: NOW }));
  session.flush();
  expect(seen(session)).toMatch(/FROZEN \+3 .*1 decision/);
  expect(seen(session)).not.toContain('b.example');
  session.press('F');
  session.flush();
  expect(seen(session)).toContain('4 decisions  2 allow  2 deny');
  expect(seen(session)).toContain('b.example');
});

it('a list is sorted by the chosen column, and r turns it round', () => {
  const session = openSession({
    traffic: trafficOf([
      decision('allow', { host: 'b.example', at: NOW }),
      decision('allow', { host: 'b.example', at: NOW }),
      decision('deny', { host: 'a.example', at: NOW }),
    ]),
  });
  expect(seen(session)).toContain('TOTAL▾');
  expect(order(session)).toBe('ba');
  session.press('s', 'down');
  expect(seen(session)).toMatch(/▌ \d\) deny/);
  session.press('enter');
  expect(seen(session)).toContain('DENY▾');
  expect(order(session)).toBe('ab');
  session.press('r');
  expect(seen(session)).toContain('DENY▴');
  expect(order(session)).toBe('ba');
});

it('Tab completes the filter, a mistake in it is told, and a colon is taken as typed', () => {
  const session = openSession({
    traffic: trafficOf([
      decision('deny', { host: 'files.pypi.org', at: NOW }),
      decision('allow', { host: 'docs.rs', at: NOW }),
    ]),
  });
  session.type('/ho');
  expect(seen(session)).toContain('▌ host:');
  session.press('tab');
  session.type('fi');
  expect(seen(session)).toContain('▌ host:files.pypi.org');
  session.press('tab');
  expect(seen(session)).not.toContain('docs.rs');
  session.type('status:no');
  expect(seen(session)).toContain('status: wants a number');
  session.press('enter');
  expect(seen(session)).toMatch(/mistake in \/host:files\.pypi\.org/);
  session.press('esc');
  expect(seen(session)).toContain('docs.rs');
  session.type('/http:');
  expect(seen(session)).toContain('/http:');
  session.press('tab', 'backspace');
  expect(seen(session)).toMatch(/\/http\b[^:]/);
});

it('the palette finds what could not be read by its word', () => {
  const session = openSession();
  session.type(':problems');
  expect(seen(session)).toContain('▌ problems: what could not be read');
  session.press('enter');
  expect(seen(session)).toMatch(/LINES \(/);
});
