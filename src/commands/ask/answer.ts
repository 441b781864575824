import { userInfo } from 'node:os';
import { readAskNews, readQuestions } from '../../core/ask/ask-news.ts';
import { readTerm, spellTerm, type AnswerVerdict } from '../../core/ask/answer.ts';
import type { Question } from '../../core/ask/question.ts';
import type { JsonObject } from '../../core/event.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { note, Output } from '../output.ts';
import { carryOut } from '../policy/edit.ts';
import { policyTarget } from '../policy/policy-target.ts';
import { openQuestionLink, type QuestionLink } from './question-link.ts';

/** The flags of `answer`. */
export interface AnswerFlags {
  readonly for?: string;
  readonly always?: boolean;
  readonly json?: boolean;
  readonly socket?: string;
}

/** Answers an open question. Exit 1 if another answer came first, or if the question is not open. */
export async function answer(id: string, verdict: AnswerVerdict, flags: AnswerFlags): Promise<number> {
  if (flags.always && flags.for !== undefined) throw misuse('--always and --for exclude each other');
  const term = readTerm(flags.always ? 'always' : (flags.for ?? 'once'));
  if (term === null || (term.type === 'always' && !flags.always))
    throw misuse(`--for wants once, run or a duration as 10m: ${flags.for ?? ''}`);
  if (flags.always && verdict === 'deny')
    throw misuse('deny --always: the policy denies what it does not list; say deny --for run');
  const link = await openQuestionLink(flags.socket);
  try {
    const question = flags.always ? await questionOf(link, id) : null;
    const by = { by: userInfo().username, via: 'egresstop answer' };
    link.say({ type: 'answer', id, verdict, for: spellTerm(term), ...by });
    const told = await link.hears('answered', 'unanswered', 'awaited');
    if (told?.['type'] !== 'awaited' || !question || verdict === 'deny') return await tell(told, id, flags);
    await editPolicy(link, question, { list: verdict, isQuiet: flags.json === true });
    return await tell(await link.hears('answered', 'expired'), id, flags);
  } finally {
    link.close();
  }
}

async function questionOf(link: QuestionLink, id: string): Promise<Question | null> {
  link.say({ type: 'questions' });
  const listed = await link.hears('questions');
  return readQuestions(listed?.['questions']).find(question => question.id === id) ?? null;
}

/** Edits the policy file as `policy allow` does, with warnings, diff and journal. */
async function editPolicy(
  { policyPath }: QuestionLink,
  { host }: Question,
  { list, isQuiet }: { readonly list: 'allow' | 'passthrough'; readonly isQuiet: boolean },
): Promise<void> {
  if (policyPath === null) throw new Failure('the mediator has no policy file');
  const target = await policyTarget(policyPath, 'egresstop');
  const edit = [{ type: 'add', list, entry: host }] as const;
  if ((await carryOut(target, edit, { now: Date.now(), ...(isQuiet ? { isQuiet } : {}) })) !== 0)
    throw new Failure('the question stays open');
}

async function tell(told: JsonObject | null, id: string, { json }: AnswerFlags): Promise<number> {
  const news = told && readAskNews(told);
  if (!news || !told) throw new Failure('the mediator ended before it answered');
  if (news.type !== 'answered')
    throw new Failure(`${id} was not answered: ${news.type === 'unanswered' ? news.why : 'it is over'}`);
  const { verdict, term, by, isLate } = news.answer;
  const words = visible(`${verdict} ${term} by ${by}`);
  if (isLate) note(`${id} was answered before: ${words}`);
  else await new Output().text(json ? `${toJson(told)}\n` : `answered ${visible(id)}: ${words}\n`);
  return isLate ? 1 : 0;
}
