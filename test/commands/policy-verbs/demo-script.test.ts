import { expect, it } from 'vitest';
import { DEMO_POLICY, SCRIPT } from '../../../src/commands/demo/script.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';

it('the first request of the demo is denied, so that the cursor stands on a denied host', () => {
  const parsed = microagentDialect.parse(DEMO_POLICY, 'policy.yaml');
  const host = new URL(SCRIPT[0]?.url ?? '').hostname;
  expect(parsed.type === 'valid' && parsed.policy.judge({ host, address: null }).verdict).toBe('deny');
});
