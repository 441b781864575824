import { knownAddress } from '../../../core/policy/known-address.ts';
import type { EgressEvent, JsonObject } from '../../../core/event.ts';
import { addressIn } from '../../../core/host.ts';
import { isObject, text } from '../../../core/record.ts';
import type { ReplayedAction } from '../../../core/what-if/replayed-action.ts';

/**
 * Reads the action in a replay event's payload, as serde reads `GovernanceAction` (`aa-core/src/policy.rs`): an object with one key, the
 * variant's name, whose fields are texts. Unknown fields are ignored. Labels are those that `aa-gateway/src/simulation/engine.rs` prints.
 */
export function replayedAction(event: EgressEvent): ReplayedAction {
  const payload = String(event.raw['payload']);
  const action = actionIn(payload, event);
  if (typeof action !== 'string') return action;
  return {
    type: 'unreadable',
    label: `(unparseable: ${event.kind})`,
    why: `failed to parse payload: ${action}`,
  };
}

/** The action, or why there is none. */
function actionIn(payload: string, event: EgressEvent): ReplayedAction | string {
  const value = parse(payload);
  if (typeof value === 'string') return value;
  const [name = '', ...others] = Object.keys(value);
  const fields = value[name];
  if (fields === undefined || others.length > 0) return 'expected an object with a single key';
  const variant = VARIANTS.get(name);
  if (!variant) return `unknown variant \`${name}\`, expected one of ${[...VARIANTS.keys()].join(', ')}`;
  if (!isObject(fields)) return `invalid type: expected the fields of ${name}`;
  const texts = textsOf(variant.fields, fields);
  return typeof texts === 'string' ? texts : variant.action(texts, event);
}

function parse(payload: string): JsonObject | string {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : 'expected an object with a single key';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The texts of the named fields, or the fault of one. They must be texts and may be empty. A field marked with `?` may be missing or null,
 * and is then empty.
 */
function textsOf(names: readonly string[], fields: JsonObject): readonly string[] | string {
  const texts: string[] = [];
  for (const [field = '', isOptional] of names.map(
    name => [name.replace('?', ''), name.endsWith('?')] as const,
  )) {
    const value = isOptional ? (fields[field] ?? '') : fields[field];
    if (value === undefined) return `missing field \`${field}\``;
    if (typeof value !== 'string') return `invalid type: expected a string in \`${field}\``;
    texts.push(value);
  }
  return texts;
}

interface Variant {
  readonly fields: readonly string[];
  /** Makes the action from the texts of the fields, which come in order. */
  readonly action: (texts: readonly string[], event: EgressEvent) => ReplayedAction | string;
}

const FILE_MODES = ['Read', 'Write', 'Append', 'Delete'];

/** The recorded address in files that egresstop exported (see `replay-line.ts`); else null. */
function recordedAddress(record: JsonObject): string | null {
  const address = text(record, 'address');
  return addressIn(address);
}

const other = (label: string): ReplayedAction => ({ type: 'other', label });

const VARIANTS: ReadonlyMap<string, Variant> = new Map<string, Variant>([
  [
    'NetworkRequest',
    {
      fields: ['url', 'method'],
      action: ([url = '', method = ''], { host, port, address, raw }) => ({
        type: 'request',
        label: `net:${method}:${url}`,
        attempt: {
          host,
          port,
          address: recordedAddress(raw) ?? address ?? knownAddress(host ?? ''),
          tool: text(raw, 'tool'),
          method,
          url,
        },
      }),
    },
  ],
  [
    'ToolCall',
    {
      fields: ['name', 'args'],
      action: ([tool = '']) => ({ type: 'tool-call', label: `tool:${tool}`, tool }),
    },
  ],
  ['ToolResult', { fields: ['tool_name', 'result'], action: ([tool]) => other(`tool_result:${tool}`) }],
  [
    'FileAccess',
    {
      fields: ['path', 'mode'],
      action: ([path, mode = '']) =>
        FILE_MODES.includes(mode)
          ? other(`file:${mode}:${path}`)
          : `unknown variant \`${mode}\`, expected one of ${FILE_MODES.join(', ')}`,
    },
  ],
  ['ProcessExec', { fields: ['command'], action: ([command]) => other(`exec:${command}`) }],
  [
    'SendMessage',
    {
      fields: ['source_team_id?', 'target_team_id?', 'channel_id?'],
      action: ([, , channel]) => other(`msg:${channel}`),
    },
  ],
]);
