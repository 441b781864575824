import { readFileSync } from 'node:fs';
import { ask, machine } from '../journeys/mediator-machine.ts';
import { within, type Bench } from './row.ts';

const EDITS = 100;

/**
 * A person's edit from end to end, by the real programs: the mediator runs, the dashboard found it, `api.test` is allowed and taken away in
 * turns. From Enter until the first request that the mediator rules by the new policy has its answer; the file holds the edit by then.
 */
export const edit: Bench = {
  name: 'edit',
  rows: async () => {
    await using world = await machine();
    const { port } = await world.mediator();
    await using terminal = world.program();
    await terminal.waitFor('in force at 127.0.0.1');
    await ask(port);
    await terminal.waitFor(/api\.test +deny/);
    const waits: number[] = [];
    for (let count = 0; count < EDITS; count += 1) {
      const isAllowed = count % 2 === 0;
      terminal.press(isAllowed ? 'a' : 'x');
      await terminal.waitFor('Enter writes this');
      const enteredAt = performance.now();
      terminal.press('enter');
      while ((await ask(port)) !== (isAllowed ? 200 : 403)) if (performance.now() - enteredAt > 10_000) break;
      waits.push(performance.now() - enteredAt);
      if (readFileSync(world.policyPath, 'utf8').includes('api.test') !== isAllowed)
        throw new Error(`edit ${count} is enforced and not in the file`);
      await terminal.waitFor(rows => !rows.some(row => row.includes('Enter writes this')));
      await terminal.waitFor(isAllowed ? /api\.test +allow/ : /api\.test +deny/);
    }
    return [within('Enter on an edit → file durable → mediator enforces it', waits, 150)];
  },
};
