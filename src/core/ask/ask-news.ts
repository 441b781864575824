import type { JsonObject } from '../event.ts';
import { count, isObject, text } from '../record.ts';
import { parseRfc3339 } from '../time.ts';
import { readAnswerVerdict, type AnswerVerdict } from './answer.ts';
import type { MemoryRule } from './memory-rules.ts';
import type { Flood, Question } from './question.ts';

/** An answer to a question, as a mediator reports it. */
export interface ToldAnswer {
  readonly id: string;
  readonly verdict: AnswerVerdict;
  readonly by: string;
  /** `once`, `run`, `always` or a duration. */
  readonly term: string;
  /** True where another answer came first. This record then holds that first answer. */
  readonly isLate: boolean;
}

/** A message from a mediator's socket about its questions. */
export type AskNews =
  | { readonly type: 'asked'; readonly question: Question }
  | { readonly type: 'answered'; readonly answer: ToldAnswer }
  | { readonly type: 'expired'; readonly id: string }
  | { readonly type: 'flooded'; readonly flood: Flood }
  | { readonly type: 'rules-told'; readonly rules: readonly MemoryRule[] }
  /** The mediator refused an answer. */
  | { readonly type: 'unanswered'; readonly id: string; readonly why: string };

/** Reads a message from a mediator's socket. Null where it is malformed or not about questions. */
export function readAskNews(message: JsonObject): AskNews | null {
  const id = text(message, 'id');
  switch (message['type']) {
    case 'ask': {
      const question = readQuestion(message);
      return question && { type: 'asked', question };
    }
    case 'answered': {
      const verdict = readAnswerVerdict(text(message, 'answer') ?? '');
      if (id === null || verdict === null) return null;
      const [by, term] = [text(message, 'by') ?? 'somebody', text(message, 'for') ?? 'once'];
      return { type: 'answered', answer: { id, verdict, by, term, isLate: message['late'] === true } };
    }
    case 'expired':
      return id === null ? null : { type: 'expired', id };
    case 'unanswered':
      return id === null ? null : { type: 'unanswered', id, why: text(message, 'why') ?? 'refused' };
    case 'flood':
      return { type: 'flooded', flood: readFlood(message) };
    case 'rules':
      return { type: 'rules-told', rules: readRules(message['rules']) };
    default:
      return null;
  }
}

/** The valid questions in a list. */
export const readQuestions = (list: unknown): readonly Question[] =>
  objects(list).flatMap(each => readQuestion(each) ?? []);

/** The valid floods in a list. */
export const readFloods = (list: unknown): readonly Flood[] => objects(list).map(readFlood);

/** The valid memory rules in a list. */
export const readRules = (list: unknown): readonly MemoryRule[] =>
  objects(list).flatMap(each => readRule(each) ?? []);

const objects = (list: unknown): readonly JsonObject[] => (Array.isArray(list) ? list.filter(isObject) : []);

function readQuestion(fields: JsonObject): Question | null {
  const [id, host, port] = [text(fields, 'id'), text(fields, 'host'), count(fields, 'port')];
  const [since, keptUntil] = [timeIn(fields, 'since'), timeIn(fields, 'keptUntil')];
  if (id === null || host === null || port === null || since === null || keptUntil === null) return null;
  return {
    id,
    host,
    port,
    agent: text(fields, 'agent'),
    tool: text(fields, 'tool'),
    url: text(fields, 'url'),
    method: text(fields, 'method'),
    nearest: text(fields, 'nearest'),
    attempts: count(fields, 'attempts') ?? 1,
    held: count(fields, 'held') ?? 0,
    since,
    heldUntil: timeIn(fields, 'heldUntil'),
    keptUntil,
  };
}

const readFlood = (fields: JsonObject): Flood => ({
  agent: text(fields, 'agent'),
  unasked: count(fields, 'unasked') ?? 0,
});

function readRule(fields: JsonObject): MemoryRule | null {
  const [id, host, port] = [text(fields, 'id'), text(fields, 'host'), count(fields, 'port')];
  const verdict = readAnswerVerdict(text(fields, 'verdict') ?? '');
  if (id === null || host === null || port === null || verdict === null) return null;
  const [agent, by] = [text(fields, 'agent'), text(fields, 'by') ?? 'somebody'];
  return {
    id,
    host,
    port,
    agent,
    verdict,
    by,
    at: timeIn(fields, 'at') ?? 0,
    until: timeIn(fields, 'until'),
  };
}

const timeIn = (fields: JsonObject, name: string): number | null => {
  const time = text(fields, name);
  return time === null ? null : parseRfc3339(time);
};
