import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/core/ask/answer.ts';
import type { Ticket } from '../../../src/core/ask/open-questions.ts';
import { QuestionBook } from '../../../src/core/ask/question-book.ts';
import type { Asking } from '../../../src/core/ask/question.ts';
import { runs } from '../../runs.ts';

const LIMITS = { perAgent: 3, inAll: 5, heldPerAgent: 4, heldInAll: 6, holdMs: 30, keepMs: 100 };

function newBook(): QuestionBook {
  let count = 0;
  const book = new QuestionBook(LIMITS, () => `q${(count += 1)}`);
  book.setCanAnswer(true);
  return book;
}

const asking = (host = 'a.example', agent: string | null = 'builder'): Asking => ({
  host,
  port: 443,
  agent,
  tool: null,
  url: null,
  method: null,
  nearest: null,
});

const answer = (fields: Partial<Answer> = {}): Answer => ({
  verdict: 'allow',
  term: { type: 'once' },
  by: 'me',
  via: 'test',
  ...fields,
});

const heldTicket = (book: QuestionBook, what: Asking, now: number): Ticket => {
  const knock = book.knock(what, now);
  if (knock.type !== 'held') throw new Error(JSON.stringify(knock));
  return knock.ticket;
};

describe('a book of questions', () => {
  it('the book makes one question of all attempts of one agent at one host and port', () => {
    const book = newBook();
    const tickets = [0, 1, 2].map(now => heldTicket(book, asking(), now));
    expect(book.open).toMatchObject([
      { id: 'q1', attempts: 3, held: 3, since: 0, heldUntil: 32, keptUntil: 102 },
    ]);
    const outcome = book.answer('q1', answer());
    expect(outcome).toMatchObject({ type: 'answered', tickets });
    expect([book.open, book.held]).toEqual([[], 0]);
  });

  it('an answer is kept for the client that gave up and comes again, once', () => {
    const book = newBook();
    book.leave(heldTicket(book, asking(), 0));
    expect(book.answer('q1', answer())).toMatchObject({ type: 'answered', tickets: [] });
    expect(book.knock(asking(), 99)).toMatchObject({ type: 'kept', id: 'q1', answer: answer() });
    expect(book.knock(asking(), 99)).toMatchObject({ type: 'held', isNew: true });
  });

  it('no answer is kept longer than its question would have stayed open', () => {
    const book = newBook();
    book.leave(heldTicket(book, asking(), 0));
    book.answer('q1', answer());
    expect(book.knock(asking(), 100)).toMatchObject({ type: 'held', id: 'q2' });
  });

  it('a second answer is told whose was first', () => {
    const book = newBook();
    heldTicket(book, asking(), 0);
    book.answer('q1', answer({ by: 'first' }));
    expect(book.answer('q1', answer({ by: 'second', verdict: 'deny' }))).toEqual({
      type: 'late',
      first: answer({ by: 'first' }),
    });
    expect(book.answer('q9', answer())).toEqual({ type: 'unknown' });
  });

  it('attempts are denied at once where nobody can answer, and when the last operator leaves', () => {
    const book = newBook();
    const ticket = heldTicket(book, asking(), 0);
    expect(book.setCanAnswer(false)).toEqual([ticket]);
    expect(book.held).toBe(0);
    expect(book.knock(asking(), 1)).toEqual({ type: 'refused', id: 'q1', why: 'nobody to ask' });
    expect(book.knock(asking('b.example'), 1)).toEqual({ type: 'refused', id: null, why: 'nobody to ask' });
    book.setCanAnswer(true);
    expect(book.open).toMatchObject([{ id: 'q1', attempts: 2, held: 0 }]); // still answered for the retry
  });

  it('an attempt that is not answered in time is denied, and its question closes later', () => {
    const book = newBook();
    const ticket = heldTicket(book, asking(), 0);
    expect(book.nextDue).toBe(30);
    expect(book.expire(29)).toEqual({ unanswered: [], closed: [] });
    expect(book.expire(30)).toEqual({ unanswered: [{ id: 'q1', ticket }], closed: [] });
    expect(book.nextDue).toBe(100);
    expect(book.expire(100)).toMatchObject({ unanswered: [], closed: [{ id: 'q1' }] });
    expect([book.nextDue, book.open]).toEqual([null, []]);
  });

  it('the attempts that a flooding agent may not ask about are counted, and other agents still ask', () => {
    const book = newBook();
    for (const host of ['a', 'b', 'c', 'd', 'e']) book.knock(asking(host, 'flood'), 0);
    expect(book.open).toHaveLength(3);
    expect(book.floods).toEqual([{ agent: 'flood', unasked: 2 }]);
    expect(book.knock(asking('x', 'calm'), 0)).toMatchObject({ type: 'held' });
    for (const { id } of book.open) book.answer(id, answer({ term: { type: 'run' } }));
    expect(book.floods).toEqual([]);
  });

  it('one agent holds only its share of the waiting attempts', () => {
    const book = newBook();
    for (let count = 0; count < 5; count += 1) book.knock(asking('a', 'greedy'), 0);
    expect(book.held).toBe(4);
    expect(book.knock(asking('a', 'greedy'), 0)).toMatchObject({
      id: 'q1',
      why: 'too many attempts wait for an answer',
    });
    expect(book.knock(asking('a', 'calm'), 0)).toMatchObject({ type: 'held' });
  });

  it('questions that the policy answers meanwhile are settled', () => {
    const book = newBook();
    const ticket = heldTicket(book, asking('a'), 0);
    heldTicket(book, asking('b'), 0);
    const always = answer({ term: { type: 'always' } });
    const settled = book.settle(
      ({ host }) => host === 'a',
      () => always,
    );
    expect(settled).toMatchObject([{ question: { id: 'q1' }, tickets: [ticket] }]);
    expect(book.answer('q1', answer())).toEqual({ type: 'late', first: always });
    expect(book.held).toBe(1);
  });
});

type Move =
  | { readonly type: 'knock'; readonly host: number; readonly agent: number }
  | { readonly type: 'leave' | 'answer'; readonly which: number; readonly verdict: Answer['verdict'] }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'come' | 'go' }
  | { readonly type: 'settle'; readonly host: number };

/** Mostly the same few, so that moves meet; sometimes others, so that limits are met. */
const small = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 3);
const verdict = fc.constantFrom<Answer['verdict']>('allow', 'deny', 'passthrough');
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('knock' as const), host: small, agent: small }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('leave' as const, 'answer' as const),
      which: fc.nat({ max: 12 }),
      verdict,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('come' as const, 'go' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('settle' as const), host: small }) },
);

/** Follows a book from outside: who waits, who was let through, and which question was answered by whom. */
class Witness {
  readonly book = newBook();
  readonly waiting = new Map<Ticket, { readonly host: string; readonly until: number }>();
  readonly answers = new Map<string, Answer>();
  readonly taken = new Set<string>();
  readonly ids: string[] = [];
  canAnswer = true;
  now = 0;

  end(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) expect(this.waiting.delete(ticket)).toBe(true); // ends once, and was waiting
  }

  take(step: Move, index: number): void {
    switch (step.type) {
      case 'knock':
        return this.knock(asking(`h${step.host}`, `a${step.agent}`));
      case 'leave': {
        const ticket = [...this.waiting.keys()][step.which % Math.max(1, this.waiting.size)] ?? -1;
        const wasWaiting = this.waiting.delete(ticket);
        expect(this.book.leave(ticket) !== null).toBe(wasWaiting);
        expect(this.book.leave(ticket)).toBeNull();
        return;
      }
      case 'answer': {
        const open = this.book.open.map(({ id }) => id);
        const ids = step.which % 4 === 0 ? this.ids : open; // now and then one that was answered long ago
        const id = ids[step.which % Math.max(1, ids.length)] ?? 'q0';
        const given = answer({ verdict: step.verdict, by: `by ${index}` });
        const outcome = this.book.answer(id, given);
        if (outcome.type === 'late') expect(outcome.first).toEqual(this.answers.get(id));
        if (outcome.type !== 'answered') return;
        expect(this.answers.has(id)).toBe(false);
        this.answers.set(id, given);
        return this.end(outcome.tickets);
      }
      case 'pass':
        this.now += step.ms;
        return this.expire();
      case 'come':
      case 'go':
        this.canAnswer = step.type === 'come';
        this.end(this.book.setCanAnswer(this.canAnswer));
        if (!this.canAnswer) expect(this.waiting.size).toBe(0);
        return;
      case 'settle': {
        const always = answer({ term: { type: 'always' }, by: `by ${index}` });
        const settled = this.book.settle(
          ({ host }) => host === `h${step.host}`,
          () => always,
        );
        for (const { question, tickets } of settled) {
          expect(this.answers.has(question.id)).toBe(false);
          this.answers.set(question.id, always);
          this.end(tickets);
        }
      }
    }
  }

  knock(what: Asking): void {
    const knock = this.book.knock(what, this.now);
    if (knock.type === 'kept') {
      expect(knock.answer).toEqual(this.answers.get(knock.id)); // nothing passes but by an answer that was given
      expect(this.taken.has(knock.id)).toBe(false); // and by it once
      this.taken.add(knock.id);
    }
    if (knock.type !== 'held') return;
    expect(this.canAnswer).toBe(true);
    expect(this.answers.has(knock.id)).toBe(false);
    if (knock.isNew) this.ids.push(knock.id);
    expect(this.waiting.has(knock.ticket)).toBe(false);
    this.waiting.set(knock.ticket, { host: what.host, until: this.now + LIMITS.holdMs });
  }

  expire(): void {
    const { unanswered } = this.book.expire(this.now);
    this.end(unanswered.map(({ ticket }) => ticket));
    for (const { until } of this.waiting.values()) expect(until).toBeGreaterThan(this.now);
  }

  check(): void {
    const { book } = this;
    expect(book.held).toBe(this.waiting.size);
    expect(book.open.reduce((sum, { held }) => sum + held, 0)).toBe(this.waiting.size);
    expect(book.held).toBeLessThanOrEqual(LIMITS.heldInAll);
    expect(book.open.length).toBeLessThanOrEqual(LIMITS.inAll);
    expect(book.floods.length).toBeLessThanOrEqual(LIMITS.inAll);
    for (const { agent } of book.open)
      expect(book.open.filter(each => each.agent === agent).length).toBeLessThanOrEqual(LIMITS.perAgent);
  }
}

describe('any order of attempts, leavings, answers, time and operators', () => {
  it('nothing passes unanswered, nothing is answered twice, and every slot is freed', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 120 }), moves => {
        const witness = new Witness();
        for (const [index, step] of moves.entries()) {
          witness.take(step, index);
          witness.check();
        }
        witness.now += LIMITS.keepMs + LIMITS.holdMs;
        witness.expire();
        witness.check();
        const { held, open, floods, nextDue } = witness.book;
        expect({ held, open, floods, nextDue }).toEqual({ held: 0, open: [], floods: [], nextDue: null });
      }),
      { numRuns: runs(2000) },
    );
  });
});
