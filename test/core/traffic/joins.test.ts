import { describe, expect, it } from 'vitest';
import { Joins } from '../../../src/core/traffic/joins.ts';
import { decision, info } from '../sample-events.ts';

describe('the records of one attempt', () => {
  const first = decision('allow', { correlationId: 'x', hop: 1 });
  const second = decision('allow', { correlationId: 'x', hop: 2 });
  const call = info({ correlationId: 'x' });

  it('the records of one attempt are found from each of them, in the order they came', () => {
    const joins = new Joins();
    for (const event of [first, decision('deny', { correlationId: 'y' }), second, call]) joins.add(event);
    expect(joins.of(first)).toEqual([second, call]);
    expect(joins.of(call)).toEqual([first, second]);
  });

  it('records of two systems that use the same id are never mixed', () => {
    const joins = new Joins();
    joins.add(first);
    joins.add(decision('deny', { correlationId: 'x', system: 'aasm' }));
    expect(joins.of(first)).toEqual([]);
  });

  it('a record without an id has no joined records', () => {
    const joins = new Joins();
    joins.add(decision('deny'));
    expect(joins.of(decision('deny'))).toEqual([]);
  });

  it('the records of one attempt are still found after merging', () => {
    const [older, newer] = [new Joins(), new Joins()];
    older.add(first);
    newer.add(call);
    older.merge(newer);
    expect(older.of(first)).toEqual([call]);
  });

  it('the oldest attempts are forgotten first, once there are too many', () => {
    const joins = new Joins();
    joins.add(first);
    for (let id = 0; id < 10_000; id += 1) joins.add(decision('deny', { correlationId: String(id) }));
    expect(joins.of(second)).toEqual([]);
    expect(joins.of(decision('deny', { correlationId: '1' }))).toHaveLength(1);
  });

  it('the records of an id that never ends are kept in part', () => {
    const joins = new Joins();
    for (let hop = 0; hop < 1_000; hop += 1) joins.add(decision('allow', { correlationId: 'x', hop }));
    expect(joins.of(call).length).toBeLessThan(100);
  });
});
