import { expect, it } from 'vitest';
import { explanation } from '../../../../src/app/select/pages/explanation.ts';
import { unreadPolicy } from '../../../../src/app/state/policy-state.ts';
import { listing } from '../../../systems/aasm/policy/policy-of.ts';
import { openSession } from '../../session.ts';

it('an explanation says what each of the system’s matchers decides, where they disagree', () => {
  const policy = {
    ...unreadPolicy('/p.yaml', 'aasm', ['gateway', 'proxy', 'exact']),
    policy: listing('*.a.example'),
  };
  const state = { ...openSession().state(), policy };
  const told = (host: string): readonly string[] =>
    explanation({ host, address: null }, state, 200).map(({ line }) => line.map(({ text }) => text).join(''));
  expect(told('x.a.example').filter(text => /^(?:gateway|proxy|exact) /.test(text))).toEqual([
    expect.stringMatching(
      /^gateway +allow: host matches network allowlist, rule network\.allowlist \(line 2\), by \*\.a/,
    ),
    expect.stringMatching(/^proxy +allow: /),
    expect.stringMatching(/^exact +deny: host not in network allowlist, rule network\.allowlist \(line 2\)$/),
  ]);
  expect(told('evil.test').join('\n')).not.toContain('exact');
});

it('a policy is judged by the matcher chosen, and the Policy screen says which', () => {
  const session = openSession({ options: { judging: { matcher: 'exact' } } });
  const loaded = {
    ...unreadPolicy('/p.yaml', 'aasm', ['gateway', 'proxy', 'exact']),
    policy: listing('*.a.example'),
  };
  session.tell({ type: 'policy-loaded', policy: loaded });
  const says = explanation({ host: 'x.a.example', address: null }, session.state(), 200);
  expect(says[0]?.line.map(({ text }) => text).join('')).toMatch(/^policy says +deny/);
  session.press('6');
  expect(session.rows().join('\n')).toContain('judged as exact');
});

it('a policy that its file alone rules is not said to be judged as anything', () => {
  const session = openSession({ options: { judging: {} } });
  session.press('6');
  expect(session.rows().join('\n')).not.toContain('judged');
});
