import { Command } from 'commander';
import { expect, it } from 'vitest';
import { mediatorVerbs } from '../../src/commands/mediator/verbs.ts';

/** The command line's reading of arguments, without running anything. */
function parsed(verb: string, args: readonly string[]): { flags: object; args: readonly string[] } {
  const program = new Command('egresstop').enablePositionalOptions().exitOverride();
  mediatorVerbs(program, () => {});
  const command = program.commands.find(each => each.name() === verb);
  if (!command) throw new Error(`no verb ${verb}`);
  let seen: { flags: object; args: readonly string[] } = { flags: {}, args: [] };
  command.action(() => {
    seen = { flags: command.opts(), args: command.args };
  });
  program.parse([verb, ...args], { from: 'user' });
  return seen;
}

it('the mediator’s flags are read, the repeatable ones as lists', () => {
  const { flags } = parsed('mediator', [
    '--mode',
    'strict',
    '--resolve',
    'a:1.1.1.1',
    '--resolve',
    'b:1.1.1.2',
    '--no-intercept',
  ]);
  expect(flags).toMatchObject({
    mode: 'strict',
    resolve: ['a:1.1.1.1', 'b:1.1.1.2'],
    intercept: false,
  });
});

it('interception is on unless said otherwise', () => {
  expect(parsed('mediator', []).flags).toMatchObject({ intercept: true });
});

it.each([
  [
    ['--agent', 'x', '--', 'curl', '-s', '--agent', 'y'],
    ['curl', '-s', '--agent', 'y'],
  ],
  [
    ['--agent', 'x', 'curl', '-s', '--agent', 'y'],
    ['curl', '-s', '--agent', 'y'],
  ],
])('what stands behind the program is the program’s: %j', (args, command) => {
  const seen = parsed('run', args);
  expect(seen.flags).toMatchObject({ agent: 'x' });
  expect(seen.args).toEqual(command);
});
