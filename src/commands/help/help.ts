import { Command } from 'commander';
import { plainText } from './plain-text.ts';
import { firstSentence, readTopic, TOPICS } from './topic-files.ts';

/** The greatest width of help texts, for readability. */
const WIDEST = 100;
/** The width if standard output is no terminal. */
const USUAL = 80;

/**
 * Prints help. Without words: the list of topics. Else the topic with that name, and the flags of the verb with that name. Any other name
 * is wrong usage.
 */
export function help(program: Command, words: readonly string[]): void {
  const width = Math.min(WIDEST, process.stdout.columns ?? USUAL);
  const [word] = words;
  if (word === undefined) return print(topicList(width));
  const topic = words.length === 1 ? TOPICS.find(name => name === word) : undefined;
  const verb = verbAt(program, words);
  if (topic === undefined && verb === undefined) return unknown(program, words);
  if (topic !== undefined) print(plainText(readTopic(topic), width));
  if (topic !== undefined && verb !== undefined) print('\n');
  verb?.outputHelp();
}

const print = (text: string): void => void process.stdout.write(text);

function topicList(width: number): string {
  const rows = TOPICS.map(name => `| ${name} | ${firstSentence(readTopic(name)).replaceAll('|', '\\|')} |`);
  return plainText(
    [
      '`egresstop help TOPIC` prints a topic, and `egresstop help VERB` the flags of a verb.',
      rows.join('\n'),
      '`egresstop --help` lists the verbs. `man egresstop` has all of this on one page, where the package is installed.',
    ].join('\n\n'),
    width,
  );
}

/** The command with these names, such as `policy explain`. */
const verbAt = (program: Command, words: readonly string[]): Command | undefined =>
  words.reduce<Command | undefined>(
    (command, word) => command?.commands.find(verb => verb.name() === word),
    program,
  );

/** Reports an unknown name. Commander suggests the nearest name: it gets a command for each topic and verb, and parses the words. */
function unknown(program: Command, words: readonly string[]): void {
  const parent = verbAt(program, words.slice(0, -1));
  const names =
    parent === undefined || parent === program ? [...TOPICS, ...verbNames(program)] : verbNames(parent);
  const asked = new Command('egresstop help')
    .copyInheritedSettings(program)
    .showHelpAfterError('(egresstop help lists the topics)')
    .configureOutput({
      outputError: (text, write) => write(text.replace('unknown command', 'no topic or verb is named')),
    })
    .helpCommand(false);
  for (const name of new Set(names)) asked.command(name);
  asked.parse(words.slice(parent === undefined ? 0 : -1), { from: 'user' });
}

const verbNames = (command: Command): readonly string[] => command.commands.map(verb => verb.name());
