import { expect, it } from 'vitest';
import { blankEvent, type EgressEvent } from '../../../../src/core/event.ts';
import { decision } from '../../../core/sample-events.ts';
import { openSession } from '../../session.ts';
import { NOW, trafficOf } from '../../traffic-of.ts';

const denial = (system: string, host: string): EgressEvent => ({
  ...blankEvent({ system, source: 'a.log', kind: 'request', raw: {} }),
  at: NOW,
  host,
  verdict: 'deny',
});

function pageOf(host: string): string {
  const traffic = trafficOf([
    denial('squid', 'both.example'),
    denial('squid', 'both.example'),
    denial('pipelock', 'both.example'),
    denial('squid', 'one.example'),
  ]);
  const session = openSession({ traffic });
  session.type(`/${host}`);
  session.press('enter', 'enter');
  return session.rows().join('\n');
}

it('the page of a host names the systems that ruled on it where there are several', () => {
  expect(pageOf('both.example')).toMatch(/systems +squid ×2 · pipelock ×1/);
  expect(pageOf('one.example')).not.toContain('systems ');
});

it('the page of a host that is denied now says of its decisions that were let through whose they were', () => {
  const traffic = trafficOf([decision('allow', { host: 'evil.test', at: NOW })]);
  const session = openSession({ traffic, columns: 120 });
  session.press('enter');
  expect(session.rows().join('\n')).toContain(
    '1 decision let it through: under another policy or mode, or before an edit of this one',
  );
  session.load('allow:\n  - evil.test\n', 'sha256:2');
  expect(session.rows().join('\n')).not.toContain('let it through');
});
