import type { JsonObject } from '../event.ts';
import { isObject, parseObject } from '../record.ts';
import { isName } from './names.ts';
import { publicKeyBytes } from './nkey.ts';
import { FIRST, MAX_POLICY_TEXT, MAX_REASON } from './policy-value.ts';
import type { PolicyKey, PolicyValue, Rollout, UnsignedValue } from './policy-value.ts';

/** The longest encoded value that is read, in UTF-16 units. */
const MAX_VALUE = 700 * 1024;
/** The most texts that one value may overwrite. */
const MAX_OVER = 64;
/** The most values in `succeeds`. */
export const MAX_SUCCEEDS = 192;
/** The most machines in a rollout. */
const MAX_NAMED = 10_000;
const FORMAT = 'egresstop policy 1';

/** The canonical text of a value, which is signed. Its SHA-256 is the value's hash. */
export function signedText({
  key,
  text,
  author,
  reason,
  at,
  before,
  succeeds,
  over,
  rollout,
}: UnsignedValue): string {
  return JSON.stringify({
    format: FORMAT,
    tenant: key.tenant,
    scope: key.scope,
    owner: key.owner,
    name: key.name,
    before,
    succeeds,
    author,
    at,
    reason,
    over,
    rollout: rollout && {
      waves: rollout.waves,
      wave: rollout.wave,
      maxMachines: rollout.maxMachines,
      isHalted: rollout.isHalted,
    },
    text,
  });
}

/** The canonical encoding of a signed value: the signed text with the signature as its last field. */
export const encodeValue = (value: PolicyValue): string =>
  `${signedText(value).slice(0, -1)},"signature":"${value.signature}"}`;

/** The decoded value, or why it is malformed. */
export type ReadValue =
  | { readonly type: 'value'; readonly value: PolicyValue }
  | { readonly type: 'malformed'; readonly why: string };

/** Decodes a value. Any text that differs from the encoding by `encodeValue` is malformed, even by one space. */
export function readValue(wire: string): ReadValue {
  if (wire.length > MAX_VALUE) return malformed('it is too long');
  const record = parseObject(wire);
  if (!record) return malformed('it is no JSON object');
  const value = decode(record);
  if (!value) return malformed('a field is missing or of another type');
  const why = faultIn(value);
  if (why !== null) return malformed(why);
  return encodeValue(value) === wire
    ? { type: 'value', value }
    : malformed('it is not in the canonical form');
}

const malformed = (why: string): ReadValue => ({ type: 'malformed', why });

function decode(record: JsonObject): PolicyValue | null {
  const { scope, rollout: sent } = record;
  const [owner, name, tenant] = [record['owner'], record['name'], record['tenant']];
  const [text, author, reason] = [record['text'], record['author'], record['reason']];
  const [at, before, signature] = [record['at'], record['before'], record['signature']];
  const [over, succeeds] = [textsIn(record['over']), textsIn(record['succeeds'])];
  const rollout = sent === null ? null : decodeRollout(sent);
  if (scope !== 'group' && scope !== 'machine') return null;
  if (typeof owner !== 'string' || typeof name !== 'string' || typeof tenant !== 'string') return null;
  if (typeof text !== 'string' || typeof author !== 'string' || typeof reason !== 'string') return null;
  if (typeof at !== 'string' || typeof before !== 'string' || typeof signature !== 'string') return null;
  if (over === null || succeeds === null || rollout === undefined) return null;
  const key: PolicyKey = { tenant, scope, owner, name };
  return { key, text, author, reason, at, before, succeeds, over, rollout, signature };
}

/** Undefined for anything but a rollout. */
function decodeRollout(sent: unknown): Rollout | undefined {
  if (!isObject(sent) || !Array.isArray(sent['waves'])) return undefined;
  const waves = sent['waves'].map(textsIn).filter(wave => wave !== null);
  const { wave, maxMachines, isHalted } = sent;
  if (waves.length !== sent['waves'].length || typeof isHalted !== 'boolean') return undefined;
  if (!isCount(wave) || !isCount(maxMachines)) return undefined;
  return { waves, wave, maxMachines, isHalted };
}

const textsIn = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every(item => typeof item === 'string') ? value : null;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const HASH = /^sha256:[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** Why a value is invalid regardless of its signature; null for a valid one. */
export function faultIn(value: PolicyValue): string | null {
  const { key, text, author, reason, at, before, succeeds, over, rollout, signature } = value;
  if (![key.tenant, key.owner, key.name].every(isName)) return 'a name in it is empty, too long or unsafe';
  if (text.length > MAX_POLICY_TEXT) return 'the text of the policy is too long';
  if (!isPlain(text)) return 'the text of the policy holds control characters';
  if (reason.length > MAX_REASON || !isPlain(reason)) return 'the reason is too long or unsafe';
  if (publicKeyBytes(author) === null) return 'the author is not the public key of a user';
  if (!TIME.test(at)) return 'the time is no ISO time';
  if (before !== FIRST && !HASH.test(before)) return 'the value before is not named by a SHA-256';
  if (succeeds.length > MAX_SUCCEEDS || !succeeds.every(id => HASH.test(id)))
    return 'an earlier value is not named by a SHA-256';
  if (over.length > MAX_OVER || !over.every(isRevision)) return 'a text to replace is not named by a SHA-256';
  if (!SIGNATURE.test(signature)) return 'the signature is not 128 hex digits';
  return rollout && faultInRollout(rollout);
}

const isRevision = (text: string): boolean => text === FIRST || HASH.test(text);

function faultInRollout({ waves, wave }: Rollout): string | null {
  const names = waves.flat();
  if (names.length > MAX_NAMED) return `a rollout names more than ${MAX_NAMED} machines`;
  if (wave >= waves.length) return 'a rollout is beyond its last wave';
  if (waves.slice(0, -1).some(early => early.includes('*')))
    return 'a wave before the last takes all machines';
  return names.every(name => name === '*' || isName(name))
    ? null
    : 'a rollout names a machine with an invalid name';
}

/** Whether the text is well-formed Unicode without control characters other than line breaks and tabs. */
// eslint-disable-next-line no-control-regex -- these are the characters that it is about
const isPlain = (text: string): boolean =>
  text.isWellFormed() && !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text);
