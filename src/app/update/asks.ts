import { keyFor } from '../keys/key-bindings.ts';
import type { AskNews } from '../../core/ask/ask-news.ts';
import type { AnswerVerdict } from '../../core/ask/answer.ts';
import { spellHostPort } from '../../core/ask/question-text.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { Effect, News } from '../message.ts';
import {
  askRows,
  chosenRow,
  questionsOf,
  type Asks,
  type AskRow,
  type SeenBefore,
  type ShownQuestion,
} from '../state/asks.ts';
import { ruleEntry } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import type { State } from '../state/state.ts';
import { askEdit, formChoices, hindrance, noticed } from './edit.ts';
import type { Context, Step } from './step.ts';

/** How long, in ms, keys are ignored after a question appears: they may have been pressed before. */
const GUARD_MS = 300;
/** The greatest time in ms between two repeats of a key that is held down. Such repeats are ignored too. */
const REPEAT_MS = 100;

/** Applies a mediator's news about its questions. If the chosen row changes, keys are ignored for a while. */
export function askTold(
  state: State,
  { source, news, remarks }: Extract<News, { readonly type: 'ask-told' }>,
  traffic: Traffic,
): State {
  const asks = toldAsks(state, { source, news, remarks }, traffic);
  if (asks === state.asks) return toldNotice(state, news);
  return toldNotice({ ...state, asks: quietAfter(state, asks) }, news);
}

/** Removes the questions of a source that is gone. */
export function asksLost(state: State, source: string): State {
  const { asks } = state;
  const others = <Of extends { readonly source: string }>(all: readonly Of[]): readonly Of[] =>
    all.filter(each => each.source !== source);
  const left: Asks = {
    ...asks,
    questions: others(asks.questions),
    floods: others(asks.floods),
    rules: others(asks.rules),
  };
  return { ...state, asks: quietAfter(state, left) };
}

function toldAsks(
  state: State,
  { source, news, remarks }: Omit<Extract<News, { readonly type: 'ask-told' }>, 'type'>,
  traffic: Traffic,
): Asks {
  const { asks, now } = state;
  const without = (id: string): readonly ShownQuestion[] =>
    asks.questions.filter(each => each.source !== source || each.question.id !== id);
  switch (news.type) {
    case 'asked': {
      const { question } = news;
      const known = asks.questions.find(each => each.source === source && each.question.id === question.id);
      if (known)
        return {
          ...asks,
          questions: asks.questions.map(each => (each === known ? { ...each, question, remarks } : each)),
        };
      const seen = seenBefore(question.host, traffic);
      const shown = { source, question, appearedAt: now, seen, remarks, given: null };
      const questions = [...asks.questions, shown].sort(
        (one, other) => one.question.since - other.question.since,
      );
      return { ...asks, questions, isAside: asks.isAside && asks.questions.length > 0 };
    }
    case 'answered':
      return { ...asks, questions: without(news.answer.id) };
    case 'expired':
      return { ...asks, questions: without(news.id) };
    case 'unanswered':
      return {
        ...asks,
        questions: asks.questions.map(each =>
          each.source === source && each.question.id === news.id ? { ...each, given: null } : each,
        ),
      };
    case 'flooded': {
      const others = asks.floods.filter(each => each.source !== source || each.agent !== news.flood.agent);
      return { ...asks, floods: [...others, { ...news.flood, source }] };
    }
    case 'rules-told': {
      const others = asks.rules.filter(each => each.source !== source);
      return { ...asks, rules: [...others, ...news.rules.map(rule => ({ source, rule }))] };
    }
  }
}

function seenBefore(host: string, traffic: Traffic): SeenBefore {
  const row = traffic.hosts.get(host);
  return { decisions: row?.counts.total ?? 0, agent: row?.agents.ranked()[0]?.[0] ?? null };
}

/** Applies new questions. Floods end with the last question of their agent. */
function quietAfter(state: State, asks: Asks): Asks {
  const floods = asks.floods.filter(flood =>
    asks.questions.some(({ source, question }) => source === flood.source && question.agent === flood.agent),
  );
  const now = { ...asks, floods };
  const [before, after] = [chosenRow(state.asks)?.key, chosenRow(now)?.key];
  return before === after || after === undefined ? now : { ...now, quietUntil: state.now + GUARD_MS };
}

function toldNotice(state: State, news: AskNews): State {
  if (news.type === 'unanswered')
    return { ...state, notice: { text: `not answered: ${news.why}`, tone: 'warn' } };
  if (news.type !== 'answered') return state;
  const { verdict, term, by, isLate } = news.answer;
  const text = `${isLate ? 'answered before: ' : ''}${verdict} ${term} by ${by}`;
  return { ...state, notice: { text, tone: isLate ? 'warn' : verdict === 'deny' ? 'deny' : 'allow' } };
}

/** Answers the chosen row, unless the key may have been pressed before the row was visible. A flood can only be denied. */
export function askAnswered(state: State, verdict: AnswerVerdict, term: string): Step {
  const row = chosenRow(state.asks);
  if (!row) return [state, []];
  const early = earlyKey(state, row);
  if (early) return early;
  if (row.type === 'flood' && verdict !== 'deny')
    return noticed(
      state,
      `a flood can only be denied: ${keyFor(state, 'answer-deny')} once, ${keyFor(state, 'answer-deny-run')} for this run; egresstop answer ID answers one of it`,
    );
  const open = questionsOf(row).filter(({ given }) => given === null);
  const effects = open.map(({ source, question }): Effect => ({
    type: 'answer-question',
    source,
    id: question.id,
    verdict,
    term,
  }));
  const questions = state.asks.questions.map(each =>
    open.includes(each) ? { ...each, given: verdict } : each,
  );
  return [{ ...state, asks: quietAfter(state, { ...state.asks, questions }) }, effects];
}

/** `a`: opens the preview of an edit that allows the host. The question is answered when the mediator has loaded the edit. */
export function askAlwaysPressed(state: State, { dialect }: Context): Step {
  const row = chosenRow(state.asks);
  if (!row) return [state, []];
  const early = earlyKey(state, row);
  if (early) return early;
  if (row.type === 'flood')
    return noticed(
      state,
      `a flood can only be denied: ${keyFor(state, 'answer-deny')} once, ${keyFor(state, 'answer-deny-run')} for this run`,
    );
  const hindered = hindrance(state);
  if (hindered !== null || !dialect) return noticed(state, hindered ?? 'this policy cannot be edited');
  const { source, question } = row.shown;
  const { id, host } = question;
  const [asking, effects] = askEdit(
    state,
    `Always allow ${spellHostPort(question)}`,
    formChoices(dialect, [host], undefined),
  );
  const { dialog } = asking;
  if (dialog.type !== 'edit') return [asking, effects];
  return [{ ...asking, dialog: { ...dialog, answers: { source, id } } }, effects];
}

/** The effects before an edit that answers a question: they tell the mediator who makes that edit. */
export const announcement = (
  answers: { readonly source: string; readonly id: string } | undefined,
): readonly Effect[] =>
  answers ? [{ type: 'answer-question', ...answers, verdict: 'allow', term: 'always' }] : [];

/** A digit chooses a row. Null without such a row: the digit then has its usual meaning. */
export function askChosen(state: State, index: number): State | null {
  const row = askRows(state.asks)[index];
  return row ? { ...state, asks: { ...state.asks, chosen: row.key, quietUntil: 0 } } : null;
}

/** The refusal of a key that may have been pressed too early; null for a key that may answer. */
function earlyKey(state: State, row: AskRow): Step | null {
  const appearedAt = Math.max(...questionsOf(row).map(shown => shown.appearedAt));
  const isFlood = row.type === 'flood';
  const quietUntil = Math.max(state.asks.quietUntil, isFlood ? 0 : appearedAt + GUARD_MS);
  if (state.now >= quietUntil) return null;
  const asks = { ...state.asks, quietUntil: Math.max(quietUntil, state.now + REPEAT_MS) };
  return noticed({ ...state, asks }, 'this question has only just come up: press the key again');
}

/** `x` on a memory rule removes it. Null if the cursor is on no such rule. */
export function ruleTakenBack(state: State, key: string | undefined): Step | null {
  const found = state.asks.rules.find(shown => ruleKey(shown) === key);
  if (!found) return null;
  return [state, [{ type: 'forget-rule', source: found.source, rule: found.rule.id }]];
}

const ruleKey = (shown: Parameters<typeof ruleEntry>[0]): string => entryKey(ruleEntry(shown));
