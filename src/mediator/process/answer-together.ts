/**
 * Answers questions that come together by one reading. A question that comes once the reading has begun waits for the next one: an older
 * reading may not have its client. Returns the function that takes a question.
 */
export function answerTogether<Question, Reading>(
  read: () => Reading,
  answer: (questions: readonly Question[], reading: Reading) => void,
): (question: Question) => void {
  let waiting: Question[] = [];
  const answerAll = (): void => {
    const questions = waiting;
    waiting = [];
    answer(questions, read());
  };
  return question => {
    waiting.push(question);
    if (waiting.length === 1) setImmediate(answerAll);
  };
}
