import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/sources/named/expand.ts';
import { fleetTarget } from '../../../src/commands/dashboard/fleet/fleet-target.ts';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { type Run, runHere } from '../run-here.ts';
import { type PolicyServer, policyServer } from './policy-server.ts';

function fleetPolicy(on: PolicyServer, [verb, ...more]: readonly [string, ...string[]]): Promise<Run> {
  const env = { HOME: on.folder, EGRESSTOP_NATS_NKEY: on.users.editor.seedFile };
  return runHere(['fleet', 'policy', verb, on.server.url('acme'), ...more], { cwd: on.folder, env }, '');
}

describe.skipIf(!hasNatsServer)('a policy of a fleet that no flag names', () => {
  it('the only policy of a tenant is taken and told, and of several none is: all are listed with their flags', async () => {
    const on = await policyServer();
    const choice = async () => {
      const spec = await parseSource(on.server.url('acme'));
      return fleetTarget([spec], { natsNkey: on.users.editor.seedFile });
    };
    const none = await fleetPolicy(on, ['allow', 'a.example']);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('the tenant acme has no policy yet (say whose the first one is'),
    ]);
    expect(await choice()).toEqual({
      type: 'none',
      why: expect.stringContaining('The fleet has no policy yet. Start with --group NAME') as string,
    });

    await fleetPolicy(on, ['allow', 'a.example', '--group', 'web']);
    const second = await fleetPolicy(on, ['allow', 'b.example']);
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('of group web')]);
    const shown = await fleetPolicy(on, ['show']);
    expect(shown.stdout).toContain('  - a.example\n  - b.example\n');
    expect(await choice()).toMatchObject({ type: 'open', target: { shownPath: 'policy.yaml of group web' } });

    await fleetPolicy(on, ['allow', 'c.example', '--group', 'db team', '--name', 'other.yaml']);
    const list = "--group 'db team' --name other.yaml, --group web";
    const third = await fleetPolicy(on, ['show']);
    expect([third.code, third.stderr]).toEqual([2, expect.stringContaining(`(name one: ${list})`)]);
    expect(await choice()).toEqual({
      type: 'none',
      why: `The fleet has 2 policies, and none is open. Start with one of: ${list}.`,
    });
    expect((await fleetPolicy(on, ['show', '--name', 'other.yaml'])).stdout).toContain('c.example');
  });
});
