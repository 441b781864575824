import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ChainResult } from '../../../src/systems/log-chain.ts';
import { ReceiptChain } from '../../../src/systems/pipelock/log/receipt-chain.ts';
import { machine } from '../../commands/program.ts';

const KEYS = generateKeyPairSync('ed25519');
const OTHERS = generateKeyPairSync('ed25519');

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** JSON as Go writes it; of the signs that Go escapes only these stand in the chains here. */
const goJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('>', String.raw`\u003e`)
    .replaceAll('&', String.raw`\u0026`);

interface Signer {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Entries of a flight recorder, one a receipt, but for a checkpoint at the end. */
function chainOf(
  verdicts: readonly string[],
  { keys = KEYS, ts = '2026-11-19T08:00:00.5Z' }: { readonly keys?: Signer; readonly ts?: string } = {},
): readonly string[] {
  const signer = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  let [previous, receiptBefore] = ['genesis', 'genesis'];
  const entry = (seq: number, type: string, detail: unknown): string => {
    const head = { v: 1, seq, ts, session_id: 's', type, transport: 'https', summary: 'a <b> & c', detail };
    const utc = ts.endsWith('Z') ? ts : '2026-11-19T08:00:00.5Z';
    const fields = ['1', String(seq), utc, 's', '', type, 'https', 'a <b> & c', goJson(detail), '', previous];
    const hash = sha256(fields.join('\0')).toString('hex');
    const line = goJson({ ...head, prev_hash: previous, hash });
    previous = hash;
    return line;
  };
  const receipts = verdicts.map((verdict, seq) => {
    const action = {
      version: 1,
      action_id: `a-${seq}`,
      action_type: 'read',
      timestamp: ts,
      target: 'https://api.example/x?a=1&b=<2>',
      verdict,
      chain_prev_hash: receiptBefore,
      chain_seq: seq,
    };
    const signature = sign(null, sha256(goJson(action)), keys.privateKey).toString('hex');
    const receipt = {
      version: 1,
      action_record: action,
      signature: `ed25519:${signature}`,
      signer_key: signer,
    };
    receiptBefore = sha256(goJson(receipt)).toString('hex');
    return entry(seq, 'action_receipt', receipt);
  });
  return [...receipts, entry(verdicts.length, 'checkpoint', { entry_count: verdicts.length })];
}

function verified(lines: readonly (string | null)[]): ChainResult {
  const chain = new ReceiptChain();
  for (const [index, line] of lines.entries()) chain.add(line, index + 1);
  return chain.result();
}

const CHAIN = chainOf(['allow', 'block', 'allow', 'warn']);
const changed = (at: number, from: string, to: string): readonly string[] =>
  CHAIN.with(at, (CHAIN[at] ?? '').replace(from, to));

/** The entry with its own hash made anew, as one would do who changes it. */
function rehashed(at: number, from: string, to: string): readonly string[] {
  const entry = JSON.parse((CHAIN[at] ?? '').replace(from, to)) as Record<string, unknown>; // as it was written above
  const { hash: _, ...rest } = entry;
  const { seq, type, detail, prev_hash: before } = rest;
  const fields = [
    '1',
    String(seq),
    '2026-11-19T08:00:00.5Z',
    's',
    '',
    type,
    'https',
    'a <b> & c',
    goJson(detail),
    '',
    before,
  ];
  return CHAIN.with(at, goJson({ ...rest, hash: sha256(fields.join('\0')).toString('hex') }));
}

it('a chain of receipts holds, names its signer, and counts every entry', () => {
  const result = verified(CHAIN);
  expect(result).toMatchObject({ type: 'holds', entries: 5, break: null });
  expect(result.signer).toMatch(/^[\da-f]{64}$/);
  expect(verified(chainOf(['allow'], { ts: '2026-11-19T10:00:00.5+02:00' })).type).toBe('holds');
});

it.each([
  ['a changed verdict', changed(1, '"verdict":"block"', '"verdict":"allow"'), 1, 'was altered'],
  ['a changed summary', changed(2, 'a \\u003cb', 'a \\u003cc'), 2, 'was altered'],
  ['a changed time', changed(2, '08:00:00.5Z', '08:00:01.5Z'), 2, 'was altered'],
  ['a changed hash', changed(0, '"hash":"', '"hash":"0'), 0, 'was altered'],
  ['a verdict that was hashed anew', rehashed(1, '"verdict":"block"', '"verdict":"allow"'), 1, 'signature'],
  ['a signature that was taken away', rehashed(1, 'ed25519:', 'none:'), 1, 'signature'],
  ['a removed entry', CHAIN.toSpliced(2, 1), 2, 'removed, inserted or moved'],
  ['a missing beginning', CHAIN.slice(1), 0, 'begins in the middle'],
  ['two entries that changed places', [CHAIN[1], CHAIN[0], CHAIN[2]], 0, 'begins in the middle'],
  ['two later entries that changed places', [CHAIN[0], CHAIN[2], CHAIN[1]], 1, 'removed, inserted or moved'],
  [
    'an entry that stands there twice',
    CHAIN.toSpliced(1, 0, CHAIN[0] ?? ''),
    1,
    'removed, inserted or moved',
  ],
  ['a torn last line', CHAIN.with(4, (CHAIN[4] ?? '').slice(0, 60)), 4, 'no entry of the flight recorder'],
  ['a field that stands there twice', changed(1, '"verdict":', '"verdict":"allow","verdict":'), 1, 'twice'],
  ['a line that is too long', [CHAIN[0], null], 1, 'longer than 1 MiB'],
  ['a record of another log', [CHAIN[0], '{"event":"allowed"}'], 1, 'no entry of the flight recorder'],
  ['a version of tomorrow', changed(0, '"v":1', '"v":2'), 0, 'version 2'],
])('%s is found at its entry', (_, lines, entry, why) => {
  const result = verified(lines.map(line => line ?? null));
  expect(result).toMatchObject({ type: 'broken', entries: entry });
  expect(result.break).toMatchObject({ entry, line: entry + 1, why: expect.stringContaining(why) });
});

it('a chain that was signed anew by another key holds, under that key', () => {
  const forged = verified(chainOf(['allow', 'allow'], { keys: OTHERS }));
  expect(forged.type).toBe('holds');
  expect(forged.signer).not.toBe(verified(CHAIN).signer);
});

it('a receipt of another signer within a chain breaks it', () => {
  const [first = ''] = CHAIN;
  const foreign = chainOf(['allow', 'block'], { keys: OTHERS })[1] ?? '';
  expect(verified([first, foreign])).toMatchObject({ type: 'broken', entries: 1 });
});

it('report --verify-chain tells the receipts of a file, and log has them as info', async () => {
  const here = machine();
  const file = here.write('evidence-s-0.jsonl', `${CHAIN.join('\n')}\n`);
  const { code, stdout, stderr } = await here.run(['report', '--verify-chain', file]);
  expect([code, stdout]).toEqual([0, 'OK — 5 entries verified\n']);
  expect(stderr).toContain('compare it with the one that you trust');
  const cut = here.write('cut.jsonl', `${CHAIN.slice(2).join('\n')}\n`);
  const both = await here.run(['report', '--verify-chain', '--json', file, cut]);
  expect([both.code, JSON.parse(both.stdout)]).toMatchObject([
    1,
    [{ result: 'holds' }, { result: 'broken' }],
  ]);
  const counted = JSON.parse((await here.run(['report', '--json', file])).stdout) as { events: number }; // as `report` prints it
  expect(counted.events).toBe(0);
});
