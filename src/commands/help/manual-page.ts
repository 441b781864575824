import type { Argument, Command, Option } from 'commander';
import { blocksOf, type Block } from './markdown.ts';
import { firstSentence, readTopic, TOPICS } from './topic-files.ts';

/** The manual page in the macros of man(7): every verb with its flags, then every topic. */
export function manualPage(program: Command, version: string): string {
  const names = `egresstop ${version}`;
  return [
    `.TH EGRESSTOP 1 "" "${names}" "User Commands"`,
    '.nh',
    '.ad l',
    '.SH NAME',
    'egresstop \\- a terminal dashboard for the live egress audit of AI agents',
    '.SH SYNOPSIS',
    `.B egresstop`,
    '[options] [source...]',
    '.br',
    `.B egresstop`,
    'VERB [options]',
    '.SH DESCRIPTION',
    roff(program.description()),
    '.SH OPTIONS',
    ...optionLines(program),
    '.SH VERBS',
    ...verbsOf(program).flatMap(({ verb, spelled }) => [
      `.SS ${roff(`egresstop ${spelled} ${verb.usage()}`)}`,
      roff(sentence(verb.description())),
      ...optionLines(verb),
    ]),
    ...TOPICS.flatMap(name => topicLines(readTopic(name))),
    '',
  ].join('\n');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

interface SpelledVerb {
  readonly verb: Command;
  /** With the verbs above it, such as `policy explain`. */
  readonly spelled: string;
}

/** The verbs that can be run, without mere groups. */
const verbsOf = (parent: Command, above = ''): readonly SpelledVerb[] =>
  parent.commands.flatMap(verb => {
    const spelled = `${above}${verb.name()}`;
    return verb.commands.length > 0 ? verbsOf(verb, `${spelled} `) : [{ verb, spelled }];
  });

function optionLines(command: Command): readonly string[] {
  const help = command.createHelp();
  const named = [
    ...help.visibleArguments(command).map((argument: Argument) => ({
      term: argument.name(),
      text: help.argumentDescription(argument),
    })),
    ...help
      .visibleOptions(command)
      .map((option: Option) => ({ term: option.flags, text: help.optionDescription(option) })),
  ];
  return named.flatMap(({ term, text }) => ['.TP', `.B ${roff(term)}`, roff(text)]);
}

/** A topic as a section; its headings become subsections. */
function topicLines(markdown: string): readonly string[] {
  if (firstSentence(markdown) === '') throw new Error('a topic begins with a heading and a paragraph');
  return blocksOf(markdown).flatMap(blockLines);
}

function blockLines(block: Block): readonly string[] {
  switch (block.type) {
    case 'heading':
      return [block.level === 1 ? `.SH ${roff(block.text.toUpperCase())}` : `.SS ${roff(block.text)}`];
    case 'paragraph':
      return ['.PP', roff(block.text)];
    case 'code':
      return ['.PP', '.RS 4', '.nf', ...block.lines.map(codeLine), '.fi', '.RE'];
    case 'list':
      return block.items.flatMap(item => ['.IP \\(bu 2', roff(item)]);
    case 'table':
      return block.rows
        .slice(1)
        .flatMap(row => ['.TP', roff(row.slice(0, -1).filter(Boolean).join(' · ')), roff(row.at(-1) ?? '')]);
  }
}

/** An empty line as vertical space, because man(7) warns of empty lines. */
const codeLine = (line: string): string => (line.trim() === '' ? '.sp' : escaped(line));

/** Text in troff's syntax. Code is bold, and no line begins with a control character. */
const roff = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1')
    .replaceAll('**', '')
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\\fB${escaped(part)}\\fR` : escaped(part)))
    .join('')
    .replace(/^(?=[.'])/, '\\&');

/** Escapes backslashes, dashes and quotes, and writes characters outside ASCII by their numbers. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga')
    .replaceAll('"', '\\(dq')
    .replace(/^\./, '\\&.')
    .replace(
      /[^\0-\x7f]/gu,
      character => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
