import { createHash, createPublicKey, verify } from 'node:crypto';
import type { JsonObject } from '../../../core/event.ts';
import { count, isObject, parseObject, text } from '../../../core/record.ts';
import type { ChainFault, ChainResult, LogChain } from '../../log-chain.ts';
import { isEvidence } from './evidence.ts';

/** The hash before the first entry, and before the first receipt. */
const GENESIS = 'genesis';
const RECEIPT = 'action_receipt';

/**
 * Verifies a file of the flight recorder as `pipelock` does. Each entry has a hash and a link to the entry before. A receipt also has a
 * signature, a number and a link in the chain of receipts. All receipts must have the same signer.
 */
export class ReceiptChain implements LogChain {
  #entries = 0;
  #receipts = 0;
  #previous = GENESIS;
  #previousReceipt = GENESIS;
  #signer: string | null = null;
  #break: ChainFault | null = null;

  /** Adds a line. After a break nothing more is checked. */
  add(line: string | null, number: number): void {
    if (this.#break !== null || line?.trim() === '') return;
    const why = line === null ? 'it is longer than 1 MiB' : this.#whyNot(line.trim());
    if (why !== null) this.#break = { entry: this.#entries, line: number, why };
    else this.#entries += 1;
  }

  result(): ChainResult {
    return {
      type: this.#break ? 'broken' : 'holds',
      entries: this.#entries,
      break: this.#break,
      unknown: { count: 0, first: null },
      ...(this.#signer === null ? {} : { signer: this.#signer }),
    };
  }

  #whyNot(line: string): string | null {
    const entry = parseObject(line);
    if (entry === null || !isEvidence(entry)) return 'the line is no entry of the flight recorder';
    if (line !== goJson(entry) && line !== JSON.stringify(entry))
      return 'the line is not as its writer wrote it: a field stands there twice, or the text was formatted anew';
    if (entry['v'] !== 1) return `version ${String(entry['v'])} is not known`;
    if (entry['prev_hash'] !== this.#previous) return this.#entries === 0 ? CUT : UNLINKED;
    if (hashOf(entry) !== entry['hash']) return ALTERED;
    this.#previous = text(entry, 'hash') ?? '';
    return entry['type'] === RECEIPT ? this.#whyNotReceipt(entry['detail']) : null;
  }

  #whyNotReceipt(receipt: unknown): string | null {
    const action = isObject(receipt) ? receipt['action_record'] : null;
    if (!isObject(receipt) || !isObject(action)) return 'the receipt holds no action';
    const signer = text(receipt, 'signer_key') ?? '';
    this.#signer ??= signer;
    if (signer !== this.#signer) return 'the receipt has another signer than those before it';
    if (!isSigned(action, signer, text(receipt, 'signature') ?? ''))
      return 'the signature of the receipt does not fit: the action was altered, or signed with another key';
    if (count(action, 'chain_seq') !== this.#receipts)
      return `the receipt has the number ${String(action['chain_seq'])} and should have ${this.#receipts}: receipts were removed, inserted or moved`;
    if (action['chain_prev_hash'] !== this.#previousReceipt)
      return 'the receipt does not follow the receipt before it: receipts were removed, inserted or moved';
    this.#receipts += 1;
    this.#previousReceipt = sha256(goJson(receipt)).toString('hex');
    return null;
  }
}

const ALTERED = 'the entry does not hash to what it says: it was altered';
const CUT = 'the file begins in the middle of a chain: entries before it are missing';
const UNLINKED = 'the entry does not follow the one before it: lines were removed, inserted or moved';

const sha256 = (written: string): Buffer => createHash('sha256').update(written).digest();

/** The hash over all fields but the hash, separated by NUL bytes (`ComputeHash`). */
function hashOf(entry: JsonObject): string {
  const fields = [
    String(entry['v']),
    String(entry['seq']),
    inUtc(text(entry, 'ts') ?? ''),
    ...['session_id', 'trace_id', 'type', 'transport', 'summary'].map(field => text(entry, field) ?? ''),
    goJson(entry['detail']),
    ...['raw_ref', 'prev_hash'].map(field => text(entry, field) ?? ''),
  ];
  return sha256(fields.join('\0')).toString('hex');
}

/** The time in UTC as Go writes it, with an unchanged fraction. */
function inUtc(time: string): string {
  const [, seconds = '', fraction = '', offset = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d:\d\d)$/.exec(time) ?? [];
  const at = Date.parse(`${seconds}${offset}`);
  return Number.isNaN(at) ? time : `${new Date(at).toISOString().slice(0, 19)}${fraction}Z`;
}

/** JSON as Go's encoder writes it, which escapes these characters. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The DER prefix of an Ed25519 public key (RFC 8410, section 4). */
const DER = Buffer.from('302a300506032b6570032100', 'hex');
const KEY = /^[\da-f]{64}$/;
const SIGNATURE = /^ed25519:([\da-f]{128})$/;

/** Whether the signer signed the digest of the action. */
function isSigned(action: JsonObject, signer: string, signature: string): boolean {
  const [, bytes] = SIGNATURE.exec(signature) ?? [];
  if (bytes === undefined || !KEY.test(signer)) return false;
  const key = createPublicKey({
    key: Buffer.concat([DER, Buffer.from(signer, 'hex')]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, sha256(goJson(action)), key, Buffer.from(bytes, 'hex'));
}
