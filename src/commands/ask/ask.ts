import { readAskNews, readFloods, readQuestions, readRules, type AskNews } from '../../core/ask/ask-news.ts';
import { ruleText } from '../../core/ask/rule-text.ts';
import type { Flood } from '../../core/ask/question.ts';
import { questionText } from '../../core/ask/question-text.ts';
import type { JsonObject } from '../../core/event.ts';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { Output } from '../output.ts';
import { openQuestionLink, type QuestionLink } from './question-link.ts';

/** The flags of `ask`. */
export interface AskFlags {
  readonly json?: boolean;
  readonly follow?: boolean;
  readonly socket?: string;
}

/** Prints the open questions. With `--follow` it prints news until it is stopped, and attempts wait for an answer meanwhile. */
export async function ask(flags: AskFlags): Promise<number> {
  const link = await openQuestionLink(flags.socket);
  try {
    return flags.follow ? await follow(link, flags) : await list(link, flags);
  } finally {
    link.close();
  }
}

async function list(link: QuestionLink, { json }: AskFlags): Promise<number> {
  link.say({ type: 'questions' });
  const told = await link.hears('questions');
  if (!told) throw new Failure('the mediator ended before it answered');
  const { type: _, ...listed } = told;
  const questions = readQuestions(told['questions']);
  const lines = [
    ...questions.map(question => `${visible(question.id)}  ${questionText(question, Date.now())}`),
    ...readFloods(told['floods']).map(floodText),
    ...readRules(told['rules']).map(rule => visible(`rule ${rule.id}  ${ruleText(rule)}`)),
    ...(questions.length === 0 ? ['no question is open'] : []),
  ];
  await new Output().text(json ? `${toJson(listed)}\n` : lines.map(line => `${line}\n`).join(''));
  return 0;
}

async function follow(link: QuestionLink, { json }: AskFlags): Promise<number> {
  const output = new Output();
  output.signal.addEventListener('abort', link.close, { once: true });
  link.say({ type: 'subscribe', answers: true });
  for await (const message of link.messages) {
    const news = readAskNews(message);
    const line = news && (json ? toJson(message) : newsText(news, message));
    if (line !== null) await output.text(`${line}\n`);
  }
  if (output.signal.aborted) return 0;
  throw new Failure('the mediator is gone');
}

/** A message in one line; null for one that only the list shows. */
function newsText(news: AskNews, message: JsonObject): string | null {
  switch (news.type) {
    case 'asked':
      return `ask       ${visible(news.question.id)}  ${questionText(news.question, Date.now())}`;
    case 'answered': {
      const { id, verdict, term, by } = news.answer;
      return visible(`answered  ${id}  ${verdict} ${term} by ${by}`);
    }
    case 'expired':
      return visible(`expired   ${news.id}`);
    case 'flooded':
      return floodText(news.flood);
    case 'rules-told':
      return null;
    case 'unanswered':
      return visible(`refused   ${news.id}  ${news.why} ${String(message['type'])}`);
  }
}

const floodText = ({ agent, unasked }: Flood): string =>
  visible(`flood     ${agent ?? 'somebody'} asks too much: ${unasked} more attempts were denied unasked`);
