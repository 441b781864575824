import { expect, it } from 'vitest';
import { Alarm } from '../../src/app/alarm.ts';

/** An alarm whose time passes when it is told to. */
function alarm() {
  const rung: string[] = [];
  let later: (() => void) | null = null;
  const made = new Alarm({
    ring: text => rung.push(text),
    schedule: work => {
      later = work;
      return () => (later = null);
    },
  });
  return { made, rung, pass: () => later?.() };
}

it('the first newly denied host rings at once', () => {
  const { made, rung } = alarm();
  made.hear('a.example');
  expect(rung).toEqual(['1 newly denied host: a.example']);
});

it('what comes within ten seconds of a ring is told together after them', () => {
  const { made, rung, pass } = alarm();
  for (const host of ['a', 'b', 'c', 'd', 'e', 'f']) made.hear(`${host}.example`);
  expect(rung).toHaveLength(1);
  pass();
  expect(rung[1]).toBe('5 newly denied hosts: b.example, c.example, d.example and 2 more');
});

it('after a quiet ten seconds the next one rings at once again', () => {
  const { made, rung, pass } = alarm();
  made.hear('a.example');
  pass();
  expect(rung).toHaveLength(1);
  made.hear('b.example');
  expect(rung).toHaveLength(2);
});

it('a flood rings once in ten seconds, and holds no more than it tells', () => {
  const { made, rung, pass } = alarm();
  for (let index = 0; index < 100_000; index += 1) made.hear(`${index}.example`);
  pass();
  expect(rung.map(text => text.split(' ')[0])).toEqual(['1', '99999']);
});

it('nothing of a name reaches the terminal raw, or at length', () => {
  const { made, rung } = alarm();
  made.hear(`\u001b]0;x\u0007${'y'.repeat(500)}`);
  expect(rung[0]).not.toMatch(/[\u0000-\u001f]/);
  expect(rung[0]?.length).toBeLessThan(120);
});

it('stopped, it tells nothing any more', () => {
  const { made, rung, pass } = alarm();
  made.hear('a.example');
  made.hear('b.example');
  made.stop();
  pass();
  expect(rung).toHaveLength(1);
});
