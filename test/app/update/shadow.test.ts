import { expect, it } from 'vitest';
import { orcarouterDialect } from '../../../src/systems/orcarouter/policy/dialect.ts';
import { chosenEdit, openSession } from '../session.ts';

const firewall = (isShadow: boolean): string =>
  `{ "shadow_mode": ${isShadow}, "rules": [{ "verdict": "deny", "stage": "egress", "egress": { "deny": ["10.0.0.0/8"] } }] }`;

it.each([true, false])('O on Policy asks to switch shadow mode, from %s to its opposite', isShadow => {
  const session = openSession({ dialect: orcarouterDialect, policy: firewall(isShadow) });
  session.press('6', 'O');
  expect(chosenEdit(session.state())).toEqual([{ type: 'shadow', isOn: !isShadow }]);
  session.plan();
  session.press('enter');
  expect(session.effects.at(-1)).toMatchObject({
    type: 'write-edit',
    edit: [{ type: 'shadow', isOn: !isShadow }],
  });
});

it('Policy says so while shadow mode is on', () => {
  const shown = (isShadow: boolean): string => {
    const session = openSession({ dialect: orcarouterDialect, policy: firewall(isShadow) });
    session.press('6');
    return session.rows().join('\n');
  };
  expect([shown(true), shown(false)]).toEqual([
    expect.stringContaining('Shadow mode is on'),
    expect.not.stringContaining('Shadow mode is on'),
  ]);
});

it('O in a system without shadow mode says why there is none', () => {
  const session = openSession();
  session.press('6', 'O');
  expect(session.effects).toEqual([]);
  expect(session.rows().join(' ')).toContain('microagent policies have no shadow mode');
});
