import type { EditorKey } from '../../../core/fleet/editor-keys.ts';
import { describeKey } from '../../../core/fleet/judge-value.ts';
import type { PolicyValue } from '../../../core/fleet/policy-value.ts';
import { rolloutWords } from '../../../core/fleet/rollout.ts';
import { Failure } from '../../../core/failure.ts';
import { toIsoSeconds } from '../../../core/time.ts';
import { visible } from '../../../core/visible.ts';
import { toJson } from '../../../report/inert-json.ts';
import { note, Output } from '../../output.ts';
import { chosenKey } from './choose-key.ts';
import { type FleetPolicyFlags, openFleet, signerFor } from './fleet-session.ts';
import { type KeptMessage, type KeptPolicy, keptPolicy } from './kept-policy.ts';

/** `fleet policy show`: prints the current text; stderr says who signed it, when and why. */
export async function showFleet(address: string, flags: FleetPolicyFlags): Promise<number> {
  const { kept, editors } = await read(address, flags);
  if (!kept.current)
    throw new Failure(`${describeKey(kept.key)}: there is no value that an editor of yours signed`);
  const { id, value } = kept.current;
  if (kept.trouble !== null) note(kept.trouble);
  note(`${shortId(id)} by ${labelOf(value, editors)} at ${value.at}: ${value.reason}`);
  await new Output().text(
    flags.json ? `${toJson({ id, ...value })}\n` : value.text.split('\n').map(visible).join('\n'),
  );
  return 0;
}

/** `fleet policy history`: what the server keeps, oldest first. */
export async function fleetHistory(address: string, flags: FleetPolicyFlags): Promise<number> {
  const { kept, editors } = await read(address, flags);
  const output = new Output();
  if (kept.messages.length === 0 && !flags.json) note(`${describeKey(kept.key)}: nothing was written yet`);
  for (const message of kept.messages)
    await output.line(flags.json ? toJson(asJson(message)) : visible(historyLine(message, editors)));
  await output.flush();
  return 0;
}

async function read(
  address: string,
  flags: FleetPolicyFlags,
): Promise<{ readonly kept: KeptPolicy; readonly editors: readonly EditorKey[] }> {
  const signer = await signerFor(flags).catch(() => null); // who only reads may have no key
  await using session = await openFleet(address, flags, signer);
  return { kept: await keptPolicy(session, await chosenKey(session, flags)), editors: session.editors };
}

const historyLine = ({ sequence, at, judged }: KeptMessage, editors: readonly EditorKey[]): string =>
  [String(sequence).padStart(5), toIsoSeconds(at), ...wordsOf(judged, editors)].join('  ');

function wordsOf(judged: KeptMessage['judged'], editors: readonly EditorKey[]): readonly string[] {
  if (judged === null) return ['deleted; machines ignore that'];
  if (judged.type === 'refused') return [`refused: ${judged.why}`];
  const { id, value } = judged.verified;
  return [
    shortId(id),
    labelOf(value, editors),
    ...(value.rollout ? [rolloutWords(value.rollout)] : []),
    value.reason,
  ];
}

const asJson = ({ sequence, at, judged }: KeptMessage): object => ({
  sequence,
  at: toIsoSeconds(at),
  ...(judged === null
    ? { deleted: true }
    : judged.type === 'refused'
      ? { refused: judged.why }
      : { id: judged.verified.id, ...judged.verified.value }),
});

/** The first digits of a value's hash, as a person compares them. */
export const shortId = (id: string): string => id.slice(7, 19);

/** How the list of editors calls the author. */
const labelOf = ({ author }: Pick<PolicyValue, 'author'>, editors: readonly EditorKey[]): string =>
  editors.find(({ key }) => key === author)?.label ?? author;
