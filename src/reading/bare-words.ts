import { existsSync } from 'node:fs';
import { nearWord } from '../core/near-word.ts';
import { misuse } from '../core/failure.ts';
import { SYSTEMS } from '../systems/index.ts';
import type { NamedLog, Places } from '../systems/system.ts';

/** Arguments that are no paths whatever else they hold. */
const OTHER_SOURCE = new RegExp(
  `^(?:-$|unix:|https?://|(?:${SYSTEMS.flatMap(({ name, workspaces }) => (workspaces ? [name] : [])).join('|')}):)`,
  'i',
);

/** A word that looks like no path and no glob: it has no separator and no extension. */
const isBare = (argument: string): boolean => !OTHER_SOURCE.test(argument) && !/[/.*?[\]{}]/.test(argument);

/** Words that are SOURCE arguments by themselves, such as `mediator`. */
const LOG_WORDS = new Set(SYSTEMS.flatMap(({ logWord }) => logWord?.word ?? []));

/** The SOURCE arguments that are bare words and name neither a file nor a log. */
export const bareWords = (args: readonly string[]): readonly string[] =>
  args.filter(argument => isBare(argument) && !LOG_WORDS.has(argument) && !existsSync(argument));

/** The log that a word means, such as `mediator`; null where it means none, or where a file has that name. */
export async function logCalled(word: string, places: Places): Promise<NamedLog | null> {
  const { logWord } = SYSTEMS.find(system => system.logWord?.word === word) ?? {};
  return logWord === undefined || existsSync(word) ? null : logWord.log(places);
}

/** The workspaces that the word names, as SOURCE arguments, such as `microagent:research`. */
export async function workspacesCalled(word: string, places: Places): Promise<readonly string[]> {
  const found = await Promise.all(
    SYSTEMS.map(async ({ name, workspaces }) =>
      workspaces?.invalidName(word) === null && (await workspaces.exists(word, places))
        ? [`${name}:${word}`]
        : [],
    ),
  );
  return found.flat();
}

/**
 * A bare word that is no file is wrong usage where a missing file would be waited for. The message names the workspace of that name, or
 * the verb that was probably meant.
 */
export async function refuseBareWords(
  args: readonly string[],
  places: Places,
  verbs: readonly string[] = [],
): Promise<void> {
  const [word] = bareWords(args);
  if (word === undefined) return;
  const [workspace] = await workspacesCalled(word, places);
  if (workspace !== undefined)
    throw misuse(`${word} is no file: ${workspace} exists`, `name the workspace as ${workspace}`);
  const isVerbPossible = verbs.length > 0 && args[0] === word;
  const verb = isVerbPossible ? nearWord(word, verbs) : null;
  const meant = verb === null ? '' : `: did you mean \`${verb}\`?`;
  throw misuse(
    `${word} is ${isVerbPossible ? 'no verb and no file' : 'no file'}${meant}`,
    `write ./${word} to wait for a file of that name`,
  );
}
