import type { Command } from 'commander';

/** The possible words after each path of verbs, from the command line's own definition. */
function wordsByVerb(program: Command): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const visit = (command: Command, path: string): void => {
    const flags = command.options
      .flatMap(option => [option.long, option.short])
      .filter(flag => flag !== undefined && flag !== null);
    words.set(path, [...command.commands.map(verb => verb.name()), ...flags, '--help']);
    for (const verb of command.commands) visit(verb, `${path} ${verb.name()}`.trim());
  };
  visit(program, '');
  return words;
}

/** A completion script for the shell: verbs and flags, then file names. */
export function completionScript(program: Command, shell: string): string {
  const words = wordsByVerb(program);
  switch (shell) {
    case 'fish':
      return fishScript(words);
    case 'zsh':
      return `#compdef egresstop\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`;
    default:
      return bashScript(words);
  }
}

function bashScript(words: ReadonlyMap<string, readonly string[]>): string {
  const known = [...words.keys()]
    .filter(path => path !== '')
    .map(path => (path.includes(' ') ? `'${path}'` : `' ${path}'`));
  const cases = [...words].map(([path, list]) => `    '${path}') words='${list.join(' ')}' ;;`);
  return `_egresstop() {
  local path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") $(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _egresstop egresstop
`;
}

function fishScript(words: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...words].flatMap(([path, list]) => {
    const condition =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map(verb => `__fish_seen_subcommand_from ${verb}`)
            .join('; and ');
    return list.map(word => `complete -c egresstop -n '${condition}' ${fishWord(word)}`);
  });
  return `${lines.join('\n')}\n`;
}

/** A long flag, a short flag, or a verb, in fish's syntax. */
function fishWord(word: string): string {
  if (word.startsWith('--')) return `-l ${word.slice(2)}`;
  return word.startsWith('-') ? `-s ${word.slice(1)}` : `-a ${word}`;
}
