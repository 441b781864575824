import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { splitDestination } from '../../../core/host.ts';
import { text } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin, TextLine } from '../../system.ts';

/** The prefix of each debug line that `srt` writes with `SRT_DEBUG` (`logForDebugging`). */
const PREFIX = '[SandboxDebug] ';

/** The verdicts of sentences before a host (`filterNetworkRequest`). Null: the ruling has another line. */
const SENTENCES: Readonly<Record<string, Verdict | null>> = {
  'Allowed by config rule': 'allow',
  'Allowed by per-command rule': 'allow',
  'User allowed': 'allow',
  'Denied by config rule': 'deny',
  'No matching config rule, denying': 'deny',
  'No matching rule, denying': 'deny',
  'User denied': 'deny',
  'Denying malformed host': 'deny',
  'No matching rule, asking user': null, // followed by the user's answer
  'No matching config rule, asking user': null,
  'Connection blocked to': null, // repeats the ruling before it
  'HTTP request blocked to': null,
};

const RULED = new RegExp(`^(${Object.keys(SENTENCES).join('|')}):? (.+):(\\d{1,5})$`, 's');

/** A debug line of `srt` as a record of named texts; null for any other line. */
export function readDebugLine(line: string): TextLine | null {
  if (!line.includes(PREFIX)) return null; // fast test, because every line of text is tried
  const [before = '', time] = LEVEL.exec(line) ?? [];
  if (!line.startsWith(PREFIX, before.length)) return null;
  const debug = line.slice(before.length + PREFIX.length).trimEnd();
  const [, sentence, host, port] = RULED.exec(debug) ?? [];
  const said = sentence === undefined ? { sandbox_debug: debug } : { sandbox_debug: sentence, host, port };
  return { type: 'record', record: time === undefined ? said : { time, ...said } };
}

/** The beginning of a line in the debug file of Claude Code. */
const LEVEL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) \[(?:DEBUG|INFO|WARN|ERROR)\] /;

/** Whether a record came from such a line. */
export const isDebugRecord = (record: JsonObject): boolean => text(record, 'sandbox_debug') !== null;

/** Decodes the record of a line. It has no agent, and a time only in Claude Code's debug file. */
export function decodeDebug(record: JsonObject, origin: Origin): EgressEvent {
  const sentence = text(record, 'sandbox_debug') ?? '';
  const verdict = Object.hasOwn(SENTENCES, sentence) ? (SENTENCES[sentence] ?? null) : withoutHost(sentence);
  const port = Number(text(record, 'port') ?? Number.NaN);
  return {
    ...blankEvent({ system: 'sandbox-runtime', source: origin.source, kind: kindOf(sentence), raw: record }),
    ...recordedTime(record['time']),
    agent: origin.agent,
    host: hostOf(text(record, 'host')),
    port: port >= 0 && port <= 65_535 ? port : null,
    verdict,
    reason: verdict === 'deny' ? sentence : null,
  };
}

/** The verdict of a sentence without a host: without a configuration everything is denied. */
const withoutHost = (sentence: string): Verdict | null =>
  sentence === 'No config available, denying network request' ? 'deny' : null;

/** The first words of a sentence without a verdict, so that many lines share few kinds. */
const kindOf = (sentence: string): string =>
  Object.hasOwn(SENTENCES, sentence) || withoutHost(sentence) !== null ? sentence : 'SandboxDebug';

/** The host in a line. A malformed host is written as JSON. */
function hostOf(written: string | null): string | null {
  if (written === null) return null;
  const bare = written.replace(/^\[(.*)\]$/s, '$1');
  const name = /^".*"$/s.test(bare) ? bare.slice(1, -1) : bare;
  return splitDestination(name).host;
}
