import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasNatsServer } from '../sources/nats/nats-server.ts';
import { until } from '../until.ts';
import { fleetWorld } from './fleet-machines.ts';
import { ask } from './mediator-machine.ts';

describe.skipIf(!hasNatsServer)('a fleet in the dashboard', () => {
  it('a host that two machines deny is allowed once, confirmed by traffic on both, and denied again after u, also where a shipper was killed', async () => {
    const world = await fleetWorld();
    world.asEditor('fleet', 'policy', 'allow', world.address, 'docs.test', '--group', 'web');
    const machines = await Promise.all([world.machine('m1'), world.machine('m2')]);
    const [killed] = machines;
    const askAll = () => Promise.all(machines.map(({ port }) => ask(port)));
    expect(await askAll()).toEqual([403, 403]);

    const terminal = world.dashboard();
    await terminal.waitFor('2 decisions  0 allow  2 deny', { deadlineMs: 60_000 });
    terminal.press('8');
    await terminal.waitFor(/m1 .*confirmed .*complete/);
    await terminal.waitFor(/m2 .*confirmed .*complete/);
    terminal.press('2');
    await terminal.waitFor(/api\.test +deny +2/);
    terminal.press('enter');
    await terminal.waitFor(/machines +on 2 of 2: m1 1, m2 1/);

    terminal.press('a');
    await terminal.waitFor('lets through 1 host, 2 past denials, on 2 of 2 machines');
    await terminal.waitFor(/\+ +- api\.test/);
    terminal.press('enter');
    await terminal.waitFor('edit          allow +api.test: stored');
    terminal.press('esc');
    await terminal.waitFor(/api\.test +allow +✓ {3}/);
    for (const { policyPath } of machines)
      expect(readFileSync(policyPath, 'utf8')).toBe('allow:\n  - docs.test\n  - api.test\npassthrough: []\n');
    expect(await askAll()).toEqual([200, 200]);
    await terminal.waitFor(/api\.test +allow +✓✓ /);
    await terminal.waitFor('2 confirmed of 2 machines');
    await terminal.waitFor('4 decisions  2 allow  2 deny');

    killed.ship.kill('SIGKILL');
    terminal.press('u');
    await terminal.waitFor('takes back: allow +api.test');
    terminal.press('enter');
    await terminal.waitFor(/api\.test +deny +✓ 1\/2 /);
    await world.ship('m1');
    await terminal.waitFor(/api\.test +deny +✓ {3}/, { deadlineMs: 60_000 });
    await until(() => machines.every(each => !readFileSync(each.policyPath, 'utf8').includes('api.test')));
    expect(await askAll()).toEqual([403, 403]);
    await terminal.waitFor('2 confirmed of 2 machines');
  }, 240_000);
});
