import { describe, expect, it } from 'vitest';
import type { AskNews } from '../../../src/core/ask/ask-news.ts';
import type { Question } from '../../../src/core/ask/question.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import { NOW } from '../traffic-of.ts';

const SOURCE = 'unix:/run/mediator.sock';

const question = (id: string, fields: Partial<Question> = {}): Question => ({
  id,
  host: `${id}.example`,
  port: 443,
  agent: 'builder',
  tool: 'fetch',
  url: null,
  method: null,
  nearest: null,
  attempts: 1,
  held: 1,
  since: NOW,
  heldUntil: NOW + 30_000,
  keptUntil: NOW + 600_000,
  ...fields,
});

const told = (session: Session, news: AskNews, remarks: readonly string[] = []): void =>
  session.tell({ type: 'ask-told', source: SOURCE, news, remarks });

const asked = (session: Session, asking: Question, remarks?: readonly string[]): void =>
  told(session, { type: 'asked', question: asking }, remarks);

/** A screen with these questions, looked at for long enough that keys count. */
function asking(ids: readonly string[], options: SessionOptions = {}): Session {
  const session = openSession({ columns: 140, ...options });
  for (const [index, id] of ids.entries()) asked(session, question(id, { since: NOW + index }));
  session.wait(300);
  return session;
}

const answers = ({ effects }: Session): readonly object[] =>
  effects.filter(({ type }) => type === 'answer-question');

const order = (id: string, verdict: string, term: string): object => ({
  type: 'answer-question',
  source: SOURCE,
  id,
  verdict,
  term,
});

const shown = (session: Session): string => session.rows().join('\n');

describe('the keys of a question', () => {
  it.each([
    ['o', 'allow', 'once'],
    ['t', 'allow', '10m'],
    ['r', 'allow', 'run'],
    ['p', 'passthrough', 'once'],
    ['P', 'passthrough', 'run'],
    ['n', 'deny', 'once'],
    ['N', 'deny', 'run'],
  ])('%s answers the oldest question: %s %s', (key, verdict, term) => {
    const session = asking(['first', 'second']);
    session.press(key);
    expect(answers(session)).toEqual([order('first', verdict, term)]);
  });

  it('a key within 300 ms of the question answers nothing, however often it repeats', () => {
    const session = openSession({ columns: 140 });
    asked(session, question('first'));
    for (let repeat = 0; repeat < 40; repeat += 1) {
      session.press('n');
      session.wait(33);
    }
    expect(answers(session)).toEqual([]);
    expect(shown(session)).toContain('press the key again');
    session.wait(300);
    session.press('n');
    expect(answers(session)).toEqual([order('first', 'deny', 'once')]);
  });

  it('a second key right after an answer does not answer the next question', () => {
    const session = asking(['first', 'second']);
    session.press('o', 'o');
    expect(answers(session)).toHaveLength(1);
    session.wait(300);
    session.press('o');
    expect(answers(session)).toEqual([order('first', 'allow', 'once'), order('second', 'allow', 'once')]);
  });

  it('a question that another operator answered makes way, and keys wait for the next one to be seen', () => {
    const session = asking(['first', 'second']);
    told(session, {
      type: 'answered',
      answer: { id: 'first', verdict: 'deny', by: 'bob', term: 'run', isLate: false },
    });
    session.press('o');
    expect(answers(session)).toEqual([]);
    expect(shown(session)).not.toContain('first.example');
  });

  it('a digit jumps to a question, and one beyond them to its screen', () => {
    const session = asking(['first', 'second']);
    session.press('2', 'n');
    expect(answers(session)).toEqual([order('second', 'deny', 'once')]);
    session.press('6');
    expect(session.state().screen).toBe('policy');
  });

  it('the key a shows the preview, and Enter announces the edit before it is written', () => {
    const session = asking(['first']);
    session.press('a');
    expect(shown(session)).toContain('Always allow first.example:443');
    expect(answers(session)).toEqual([]);
    session.plan();
    session.press('enter');
    const [announced, written] = session.effects.slice(-2);
    expect(announced).toEqual(order('first', 'allow', 'always'));
    expect(written).toMatchObject({
      type: 'write-edit',
      edit: [{ type: 'add', list: 'allow', entry: 'first.example' }],
    });
  });

  it('the key a opens no preview within 300 ms', () => {
    const session = openSession();
    asked(session, question('first'));
    session.press('a');
    expect(session.state().dialog.type).toBe('none');
  });

  it('Esc gives the keys back to the list, and A to the questions', () => {
    const session = asking(['first']);
    session.press('esc', 'n');
    expect(answers(session)).toEqual([]);
    expect(shown(session)).toContain('A answers them');
    session.press('A', 'n');
    expect(answers(session)).toEqual([order('first', 'deny', 'once')]);
  });

  it('an answer that is refused can be given again', () => {
    const session = asking(['first']);
    session.press('o');
    told(session, { type: 'unanswered', id: 'first', why: 'no' });
    session.wait(300);
    session.press('n');
    expect(answers(session)).toHaveLength(2);
  });

  it('no key answers a question in a terminal too small to show it', () => {
    const session = asking(['first'], { columns: 60, rows: 10 });
    session.press('o', 'n');
    expect(answers(session)).toEqual([]);
  });
});

describe('the lines of the questions', () => {
  it('questions stand above every list, oldest first, and count as pending', () => {
    const session = asking(['first', 'second']);
    for (const key of ['tab', 'tab', 'tab', 'tab', 'tab', 'tab', 'tab']) {
      session.press(key);
      const rows = session.rows();
      expect(rows[1]).toContain('2 pending');
      expect(rows[3]).toMatch(/^ ASK {2}2 questions/);
      expect(rows[4]).toContain('builder/fetch first.example:443  1 waiting 30s  not seen before');
      expect(rows[6]).toContain('second.example:443');
    }
  });

  it('a terminal without room in the row says on the next line how often a host was seen', () => {
    const session = asking(['first'], { columns: 80 });
    asked(session, question('first', { host: `${'long-'.repeat(8)}name.example` }));
    session.flush();
    const [row = '', next = ''] = session.rows().slice(4);
    expect(row).not.toMatch(/seen/);
    expect(next).toMatch(/ {2}not seen before$/);
  });

  it('an empty list says that the questions above it wait, and no paths', () => {
    const session = asking(['first']);
    expect(session.rows().join('\n')).toContain('the questions above wait for your answer');
    expect(session.rows()).not.toContain('  help');
  });

  it('an open question has the warnings that it was told with last', () => {
    const session = openSession({ columns: 140 });
    asked(session, question('first'));
    expect(session.rows().join('\n')).not.toContain('looks like first.test');
    asked(session, question('first'), ['looks like first.test']);
    session.flush();
    expect(session.rows().join('\n')).toContain('looks like first.test');
  });

  it('the warnings, the URL and the near entry of the chosen question have a line of their own', () => {
    const session = openSession({ columns: 140 });
    const url = 'https://githib.com/x?token=s';
    asked(session, question('first', { url, method: 'GET', nearest: 'github.com differs' }), [
      'looks like github.com',
    ]);
    expect(session.rows()[5]).toBe(
      '    looks like github.com  GET https://githib.com/x?…  near: github.com differs',
    );
    expect(shown(session)).not.toContain('token=s');
  });

  it('a flood is one line, which N denies for this run', () => {
    const session = openSession({ columns: 140 });
    for (let index = 0; index < 16; index += 1) asked(session, question(`h${index}`));
    told(session, { type: 'flooded', flood: { agent: 'builder', unasked: 4812 } });
    const rows = session.rows();
    expect(rows[4]).toContain('builder floods: 16 questions, and 4,812 more attempts were denied unasked');
    expect(rows.filter(row => row.includes('.example:443'))).toEqual([]);
    session.wait(300);
    session.press('o');
    expect(answers(session)).toEqual([]);
    session.press('N');
    expect(answers(session)).toHaveLength(16);
  });

  it('many questions leave most rows to the list', () => {
    const session = asking(Array.from({ length: 40 }, (_, index) => `q${index}`));
    expect(shown(session)).toContain('33 more questions');
  });

  it('nothing in a question reaches the terminal raw', () => {
    const session = openSession({ columns: 140 });
    asked(session, question('first', { agent: '\u001b]0;x\u0007', host: 'a\u202eb.example' }), [
      '\u001b[31m',
    ]);
    expect(shown(session)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('the questions go with their mediator', () => {
    const session = asking(['first']);
    session.tell({ type: 'asks-lost', source: SOURCE });
    expect(shown(session)).not.toContain('ASK');
  });
});

describe('rules in memory on Policy', () => {
  const RULE = {
    id: 'r1',
    host: 'new.example',
    port: 443,
    agent: 'builder',
    verdict: 'deny',
    by: 'me',
    at: NOW,
    until: null,
  } as const;

  it('a rule is a row of its own, and x takes it back', () => {
    const session = openSession({ columns: 140 });
    told(session, { type: 'rules-told', rules: [RULE] });
    session.press('6');
    session.flush();
    expect(shown(session)).toMatch(/deny +new\.example:443 for builder .*in memory/);
    session.press('g', 'x');
    expect(session.effects.at(-1)).toEqual({ type: 'forget-rule', source: SOURCE, rule: 'r1' });
    told(session, { type: 'rules-told', rules: [] });
    session.flush();
    expect(shown(session)).not.toContain('in memory');
  });

  it('Enter on a rule shows the host it is about', () => {
    const session = openSession({ columns: 140 });
    told(session, { type: 'rules-told', rules: [RULE] });
    session.press('6');
    session.flush();
    session.press('g', 'enter');
    expect(session.state().filter.text).toBe('host:new.example');
  });
});
