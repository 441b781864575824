import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import type { Effect } from '../../app/message.ts';
import type { Store } from '../../app/store.ts';
import { readAskNews, type AskNews } from '../../core/ask/ask-news.ts';
import { spellHostPort, whoAsks } from '../../core/ask/question-text.ts';
import { parseObject, text } from '../../core/record.ts';
import type { Policy } from '../../core/policy/dialect.ts';
import { visible } from '../../core/visible.ts';
import type { SourceMessage } from '../../sources/source.ts';
import { questionRemarks } from './question-remarks.ts';

const SCHEME = 'unix:';
const GONE = 'the mediator is gone: nothing was answered';

/**
 * Answers the questions of the mediators whose sockets are watched. Each has a connection of its own for that: as long as it stands, the
 * mediator has somebody to ask.
 */
export class DashboardQuestions {
  readonly #store: Store;
  readonly #ring: (text: string) => void;
  readonly #links = new Map<string, Socket>();
  readonly #rung = new Set<string>();
  readonly #unsubscribe: () => void;
  /** The policy by which their remarks were made. */
  #policy: Policy | null = null;

  /** `ring` tells an operator who may look elsewhere of each new question. */
  constructor(store: Store, ring: (text: string) => void) {
    this.#store = store;
    this.#ring = ring;
    this.#unsubscribe = store.subscribe(() => this.#remarkAgain());
  }

  /** A source told something: a mediator that asks is joined. */
  readonly heard = (source: string, message: SourceMessage): void => {
    if (message.type !== 'hello' || message['mode'] !== 'ask' || !source.startsWith(SCHEME)) return;
    if (!this.#links.has(source)) this.#join(source);
  };

  /** Sends an answer; why it could not be sent, or null. */
  readonly answer = ({ source, id, verdict, term }: Omit<AnswerOrder, 'type'>): string | null =>
    this.#say(source, { type: 'answer', id, verdict, for: term, by: userInfo().username, via: 'dashboard' });

  /** Takes a rule in memory back; why that could not be sent, or null. */
  readonly forget = (source: string, rule: string): string | null =>
    this.#say(source, { type: 'forget', rule });

  stop(): void {
    this.#unsubscribe();
    for (const link of this.#links.values()) link.destroy();
  }

  #join(source: string): void {
    const link = connect(source.slice(SCHEME.length));
    this.#links.set(source, link);
    link.on('error', () => link.destroy()); // `close` follows
    link.once('close', () => {
      this.#links.delete(source);
      this.#store.dispatch({ type: 'asks-lost', source });
    });
    createInterface({ input: link, crlfDelay: Infinity })
      .on('error', () => link.destroy()) // the socket's own, told once more
      .on('line', line => this.#take(source, line));
    link.write('{"type":"subscribe","answers":true}\n');
  }

  #take(source: string, line: string): void {
    const message = parseObject(line);
    if (message && text(message, 'type') === 'forgotten')
      return this.#store.dispatch({ type: 'noticed', notice: { text: 'rule taken back', tone: 'plain' } });
    const news = message && readAskNews(message);
    if (!news) return;
    this.#tell(source, news);
    if (news.type === 'asked') this.#ringOnce(`${source} ${news.question.id}`, news.question);
    if (news.type === 'answered') this.#rung.delete(`${source} ${news.answer.id}`);
    if (news.type === 'expired') this.#rung.delete(`${source} ${news.id}`);
  }

  #tell(source: string, news: AskNews): void {
    const remarks = news.type === 'asked' ? questionRemarks(news.question.host, this.#store) : [];
    this.#store.dispatch({ type: 'ask-told', source, news, remarks });
  }

  /** A name is held against the entries of the policy, which may be read or edited after its question came. */
  #remarkAgain(): void {
    const policy = this.#store.state.policy?.policy ?? null;
    if (policy === this.#policy) return;
    this.#policy = policy;
    const { questions } = this.#store.state.asks;
    for (const { source, question } of questions) this.#tell(source, { type: 'asked', question });
  }

  #ringOnce(
    key: string,
    question: Parameters<typeof whoAsks>[0] & Parameters<typeof spellHostPort>[0],
  ): void {
    if (this.#rung.has(key)) return;
    this.#rung.add(key);
    this.#ring(visible(`${whoAsks(question)} asks for ${spellHostPort(question)}`));
  }

  #say(source: string, request: object): string | null {
    const link = this.#links.get(source);
    if (!link?.writable) return GONE;
    link.write(`${JSON.stringify(request)}\n`);
    return null;
  }
}

type AnswerOrder = Extract<Effect, { readonly type: 'answer-question' }>;
