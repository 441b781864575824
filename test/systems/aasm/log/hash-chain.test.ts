import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HashChain } from '../../../../src/systems/aasm/log/hash-chain.ts';
import type { ChainResult } from '../../../../src/systems/log-chain.ts';
import { sized } from '../../../runs.ts';

const LINES = readFileSync(new URL('../../../fixtures/aasm-gateway-chain.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

function verify(lines: readonly (string | null)[]): ChainResult {
  const chain = new HashChain();
  for (const [index, line] of lines.entries()) chain.add(line, index + 1);
  return chain.result();
}

const changed = (index: number, from: string | RegExp, to: string): readonly string[] => {
  const line = LINES[index] ?? '';
  const after = line.replace(from, to);
  expect(after).not.toBe(line);
  return LINES.with(index, after);
};

const lineWith = (field: string): number => LINES.findIndex(line => line.includes(`,"${field}":`));

/** Bytes in the value of a finding's `kind`, which no hash covers. */
function isUnhashed(line: string, at: number): boolean {
  return [...line.matchAll(/"kind":"(\w+)"(?=[,}])/g)].some(({ index, 1: kind = '' }) => {
    const start = index + '"kind":"'.length;
    return at >= start && at < start + kind.length;
  });
}

describe('the hash chain of the fixture', () => {
  it('the chain of the fixture holds: lineage, findings, redacted payloads and policy documents among its entries', () => {
    expect(verify(LINES)).toMatchObject({ type: 'holds', entries: 60, break: null });
    for (const field of [
      'root_agent_id',
      'spawned_by_tool',
      'credential_findings',
      'redacted_payload',
      'policy_doc_id',
    ])
      expect([field, lineWith(field) >= 0]).toEqual([field, true]);
  });

  it('the chain holds for any part of it that is whole, blank lines or not', () => {
    expect(verify(LINES.slice(20, 40))).toMatchObject({ type: 'holds', entries: 20 });
    expect(verify([LINES[0] ?? '', '', ' ', LINES[1] ?? ''])).toMatchObject({ type: 'holds', entries: 2 });
    expect(verify([])).toMatchObject({ type: 'holds', entries: 0 });
  });

  it('the chain fails with any one byte changed', () => {
    const stride = sized(37, 11); // primes, so that the lines together try every place
    for (const [index, line] of LINES.entries()) {
      for (let at = index % stride; at < line.length; at += stride) {
        if (isUnhashed(line, at)) continue;
        const byte = String.fromCharCode(line.charCodeAt(at) ^ 1);
        const around = [
          LINES[index - 1] ?? '',
          line.slice(0, at) + byte + line.slice(at + 1),
          LINES[index + 1] ?? '',
        ];
        const result = verify(around);
        expect([index, at, line.slice(at - 20, at + 5), result.type]).not.toContain('holds');
      }
    }
  });

  it.each([
    ['team_id', /"team_id":"\w+"/, '"team_id":"other"'],
    ['depth', /,"depth":0/, ',"depth":1'],
    ['org_id', /,"org_id":"\w+"/, ''],
    ['timestamp_ns in its last digit', /("timestamp_ns":\d{18})\d/, '$10'],
  ])('the chain fails at the entry whose %s was changed', (_, from, to) => {
    const index = LINES.findIndex(line => from.test(line) && line.replace(from, to) !== line);
    expect(verify(changed(index, from, to))).toMatchObject({
      type: 'broken',
      entries: index,
      break: { entry: index, line: index + 1, why: expect.stringContaining('does not hash') },
    });
  });

  it('the chain fails where lines were removed or moved, in words that accuse nobody', () => {
    const why = expect.stringContaining('or two writers shared the file');
    expect(verify(LINES.toSpliced(30, 1))).toMatchObject({ type: 'broken', break: { entry: 30, why } });
    expect(verify(LINES.toSpliced(3, 2, LINES[4] ?? '', LINES[3] ?? ''))).toMatchObject({
      break: { entry: 3, why },
    });
  });

  it('the chain fails where a line cannot be read, or is too long to be held', () => {
    expect(verify(LINES.with(5, '{"seq":'))).toMatchObject({
      break: { entry: 5, why: expect.stringContaining('not JSON') },
    });
    expect(verify(LINES.with(5, '{"ts_ms":1,"decision":"blocked"}'))).toMatchObject({
      break: { why: expect.stringContaining('seq is missing') },
    });
    expect(verify([...LINES.slice(0, 5), null])).toMatchObject({
      break: { entry: 5, why: expect.stringContaining('1 MiB') },
    });
    expect(verify(changed(0, '"seq":0', '"seq":0,"seq":0'))).toMatchObject({
      break: { why: expect.stringContaining('twice') },
    });
    expect(verify(changed(0, '"seq":0', '"seq":18446744073709551616'))).toMatchObject({
      break: { why: expect.stringContaining('64 bits') },
    });
  });
});

describe('an entry of a type that is not known yet', () => {
  it('an entry of an unknown type cannot be verified, and is neither sound nor tampered with; its link is still looked at', () => {
    const lines = changed(10, /"event_type":"\w+"/, '"event_type":"OfTomorrow"');
    expect(verify(lines)).toMatchObject({
      type: 'unverified',
      entries: 60,
      break: null,
      unknown: { count: 1, first: { entry: 10, line: 11, why: 'the event type "OfTomorrow" is unknown' } },
    });
    expect(verify(lines.toSpliced(9, 1))).toMatchObject({ type: 'broken', break: { entry: 9 } });
  });
});

it('an entry made by hand from the documented bytes holds, numbers beyond 2^53 and all', () => {
  const [id, session, before] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2), Buffer.alloc(32, 3)];
  const seq = Buffer.from('0020000000000001', 'hex'); // 2^53 + 1
  const time = Buffer.from('ffffffffffffffff', 'hex');
  const bytes = [seq, time, Buffer.from('00000016', 'hex'), id, session, before, Buffer.from('"é')];
  const hash = createHash('sha256').update(Buffer.concat(bytes)).digest();
  const list = (buffer: Buffer): string => JSON.stringify([...buffer]);
  const line = `{"seq":9007199254740993,"timestamp_ns":18446744073709551615,"event_type":"GovernanceMutation","agent_id":${list(id)},"session_id":${list(session)},"payload":"\\"\\u00e9","previous_hash":${list(before)},"entry_hash":${list(hash)},"team_id":null}`;
  expect(verify([line])).toMatchObject({ type: 'holds', entries: 1 });
});
