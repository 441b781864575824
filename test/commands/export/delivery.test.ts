import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Delivery, type Sent } from '../../../src/commands/export/delivery.ts';
import { until } from '../../until.ts';

const QUICK = { firstMs: 1, lastMs: 2 };
const signal = new AbortController().signal;

it('however often sending fails, each item arrives once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 5 }),
      fc.nat({ max: 1500 }),
      async (failures, count) => {
        const [left, arrived]: [boolean[], number[]] = [[...failures], []];
        const send = async (batch: readonly number[]): Promise<Sent> => {
          if (left.shift() === true) return { type: 'failed', why: 'away' };
          arrived.push(...batch);
          return { type: 'sent' };
        };
        const delivery = new Delivery({ send, tell: () => undefined, signal, backOff: QUICK });
        for (let item = 0; item < count; item += 1) delivery.put(item);
        await delivery.end();
        expect(arrived).toEqual(Array.from({ length: count }, (_, item) => item));
        expect(delivery.counts).toEqual({ sent: count, dropped: 0, refused: 0, left: 0 });
      },
    ),
    { numRuns: 30 },
  );
});

it('a receiver that is away costs the oldest items, and their number is told', async () => {
  let isAway = true;
  const [arrived, told]: [number[], string[]] = [[], []];
  const send = async (batch: readonly number[]): Promise<Sent> => {
    if (isAway) return { type: 'failed', why: 'away' };
    arrived.push(...batch);
    return { type: 'sent' };
  };
  const delivery = new Delivery({ send, tell: text => told.push(text), signal, backOff: QUICK, queue: 10 });
  delivery.put(0);
  await until(() => told.length > 0);
  for (let item = 1; item <= 30; item += 1) delivery.put(item);
  isAway = false;
  await delivery.end();
  expect(arrived).toEqual([0, ...Array.from({ length: 10 }, (_, index) => 21 + index)]);
  expect(delivery.counts).toEqual({ sent: 11, dropped: 20, refused: 0, left: 0 });
  expect(told).toEqual(['away', 'the receiver takes records again']);
});

it('a refused batch is counted and not sent again, and an end leaves what was not sent', async () => {
  const stopping = new AbortController();
  const answers: Sent[] = [{ type: 'refused', why: '400' }];
  const send = async (): Promise<Sent> => answers.shift() ?? { type: 'failed', why: 'away' };
  const tell = (text: string): void => void (text === 'away' && stopping.abort());
  const delivery = new Delivery<number>({ send, tell, signal: stopping.signal, backOff: QUICK });
  for (let item = 0; item < 600; item += 1) delivery.put(item);
  await delivery.end();
  expect(delivery.counts).toEqual({ sent: 0, dropped: 0, refused: 512, left: 88 });
});
