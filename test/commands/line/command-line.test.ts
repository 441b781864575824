import { describe, expect, it } from 'vitest';
import { commandLine, VERB_NAMES } from '../../../src/commands/command-line.ts';

const verbsOf = (args?: readonly string[]): readonly string[] =>
  commandLine(() => undefined, args && { args }).commands.map(verb => verb.name());

describe('a command line makes the verbs that its words may mean, and no other', () => {
  it('without words it has every verb, in the order of the help', () => {
    expect(verbsOf()).toEqual(VERB_NAMES);
  });

  it.each(VERB_NAMES)('the word %s has its verb with the same help as among all', name => {
    const helpIn = (args?: readonly string[]) =>
      commandLine(() => undefined, args && { args })
        .commands.find(verb => verb.name() === name)
        ?.helpInformation();
    expect(helpIn(['--filter', 'x', name])).toBe(helpIn());
  });

  it('words that name no verb have none', () => {
    expect(verbsOf([])).toEqual([]);
    expect(verbsOf(['reports', './audit.jsonl', '--filter', 'tool:report', '-V'])).toEqual([]);
  });

  it.each([['--help'], ['-h'], ['-Vh'], ['help', 'filters'], ['completion', 'bash']])(
    'words that ask for a text of all verbs have all: %s %s',
    (...args) => {
      expect(verbsOf(args)).toEqual(VERB_NAMES);
    },
  );
});
