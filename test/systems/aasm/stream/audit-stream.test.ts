import { expect, it } from 'vitest';
import { auditStream } from '../../../../src/systems/aasm/stream/audit-stream.ts';

const agent = Array.from({ length: 16 }, (_, index) => index + 1);
const record = (seq: number, id: string | null): Readonly<Record<string, unknown>> => ({
  seq,
  agent_id: agent,
  payload: JSON.stringify(id === null ? {} : { event_id: id }),
});

it.each([
  [null, 'assembly.audit.>'],
  ['acme', 'assembly.audit.acme.>'],
  ['acme corp.eu', 'assembly.audit.acme_corp_eu.>'],
  ['*.>', 'assembly.audit.___.>'],
])('the subject of the tenant %j is %s', (tenant, subject) => {
  expect(auditStream.subject(tenant)).toBe(subject);
});

it('a record is counted once by its event id, and by its message where it has none', () => {
  const account = auditStream.account();
  const taken = [record(0, 'a'), record(1, 'b'), record(0, 'a'), record(2, null), record(2, null)].map(each =>
    account.take(each),
  );
  expect(taken).toEqual([true, true, false, true, true]);
  expect(account.completeness()).toEqual({
    type: 'unknown',
    why: 'no number is missing between those that came; 1 record published twice and counted once',
  });
});

it('missing numbers make the stream lossy, and say how many records that may be', () => {
  const account = auditStream.account();
  for (const seq of [3, 4, 9]) account.take(record(seq, `${seq}`));
  expect(account.completeness()).toEqual({ type: 'lossy', why: 'up to 4 records missing by their numbers' });
});
