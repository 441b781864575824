import { expect, it } from 'vitest';
import { spellFlags } from '../../src/commands/mediator/mediator-flags.ts';

it.each([
  [{ keepTunnels: true, intercept: true }, ['--keep-tunnels']],
  [{ intercept: false }, ['--no-intercept']],
  [
    { resolve: ['a:1.2.3.4', 'b:1.2.3.5'], mode: 'strict' },
    ['--resolve=a:1.2.3.4', '--resolve=b:1.2.3.5', '--mode=strict'],
  ],
  [{ maxBytes: undefined }, []],
])('the flags %j are spelled %j', (flags, spelled) => {
  expect(spellFlags(flags)).toEqual(spelled);
});
