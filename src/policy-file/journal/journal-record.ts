import type { ListName, PolicyChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { isObject, parseObject, text } from '../../core/record.ts';
import { toIso } from '../../core/time.ts';

/** A journal record of one write to a policy file. */
export interface JournalRecord {
  /** ISO time. */
  readonly at: string;
  /** `user@host`, or the program that wrote on its own. */
  readonly actor: string;
  /** The path of the file with all links resolved. */
  readonly file: string;
  /** The revisions before and after the write. */
  readonly before: string;
  readonly after: string;
  readonly edit: PolicyEdit | Undo;
  readonly diff: string;
  /** ISO time at which the first added entry ends; null where none ends. */
  readonly expires: string | null;
  /** ISO time at which a mediator acknowledged this text; null until then. */
  readonly acknowledged: string | null;
}

/** An undo: the record that it reverts, and the changes that it made. */
export interface Undo {
  readonly type: 'undo';
  readonly of: { readonly at: string; readonly after: string };
  readonly edit: PolicyEdit;
}

/** Identifies a record among those of its file. */
export type RecordName = Undo['of'];

/** A line about an earlier record. Either its write failed and the record is withdrawn, or a mediator acknowledged it. */
export type Remark = Omit<JournalRecord, 'edit'> & {
  readonly edit: { readonly type: 'withdrawal' | 'acknowledgement'; readonly of: RecordName };
};

/** The record of an edit, as opposed to an undo. */
export type EditRecord = JournalRecord & { readonly edit: PolicyEdit };

/** Whether the record is of an edit, not of an undo. */
export const isEdit = (record: JournalRecord): record is EditRecord => !('type' in record.edit);

/** Whether both names identify the same record. */
export const sameRecord = (one: RecordName, other: RecordName): boolean =>
  one.at === other.at && one.after === other.after;

/** The line that withdraws this record. */
export const withdrawalOf = ({ at, after, ...record }: JournalRecord): Remark => ({
  ...record,
  at,
  after: record.before,
  edit: { type: 'withdrawal', of: { at, after } },
  diff: '',
  expires: null,
});

/** The line that says which mediator acknowledged this record, and when (unix ms). */
export const acknowledgementOf = (
  { at, after, ...record }: JournalRecord,
  said: { readonly by: string; readonly at: number },
): Remark => ({
  ...record,
  at,
  after,
  actor: said.by,
  before: after,
  edit: { type: 'acknowledgement', of: { at, after } },
  diff: '',
  expires: null,
  acknowledged: toIso(said.at),
});

/** The records that took effect, with their acknowledgements. Withdrawn records and remarks are left out. */
export function effective(lines: readonly (JournalRecord | Remark)[]): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const line of lines) {
    if (isRecord(line)) records.push(line);
    else remarked(records, line);
  }
  return records;
}

/** Applies a remark to the latest matching record of the same file. */
function remarked(records: JournalRecord[], { file, edit: { type, of }, acknowledged }: Remark): void {
  const index = records.findLastIndex(record => record.file === file && sameRecord(record, of));
  const found = records[index];
  if (!found) return;
  if (type === 'withdrawal') records.splice(index, 1);
  else records[index] = { ...found, acknowledged: found.acknowledged ?? acknowledged };
}

const isRecord = (line: JournalRecord | Remark): line is JournalRecord =>
  !('type' in line.edit) || line.edit.type === 'undo';

/** The changes that a record made, for an edit and for an undo. */
export const changesOf = ({ edit }: JournalRecord): PolicyEdit => ('type' in edit ? edit.edit : edit);

/** Parses a line of the journal; null for an invalid line, such as one cut short by a crash. */
export function decodeRecord(line: string): JournalRecord | Remark | null {
  const record = parseObject(line);
  if (!record) return null;
  const [at, actor, file] = [text(record, 'at'), text(record, 'actor'), text(record, 'file')];
  const [before, after, edit] = [text(record, 'before'), text(record, 'after'), decodeAct(record['edit'])];
  if (at === null || actor === null || file === null || before === null || after === null || edit === null)
    return null;
  const ends = { expires: text(record, 'expires'), acknowledged: text(record, 'acknowledged') };
  const rest = { at, actor, file, before, after, diff: text(record, 'diff') ?? '', ...ends };
  return isRemark(edit) ? { ...rest, edit } : { ...rest, edit };
}

const isRemark = (edit: PolicyEdit | Undo | Remark['edit']): edit is Remark['edit'] =>
  'type' in edit && edit.type !== 'undo';

function decodeAct(value: unknown): PolicyEdit | Undo | Remark['edit'] | null {
  if (Array.isArray(value)) return decodeEdit(value);
  if (!isObject(value) || !isObject(value['of'])) return null;
  const [at, after] = [text(value['of'], 'at'), text(value['of'], 'after')];
  if (at === null || after === null) return null;
  const { type } = value;
  if (type === 'withdrawal' || type === 'acknowledgement') return { type, of: { at, after } };
  const edit = decodeEdit(value['edit']);
  return type === 'undo' && edit !== null ? { type: 'undo', of: { at, after }, edit } : null;
}

function decodeEdit(value: unknown): PolicyEdit | null {
  if (!Array.isArray(value)) return null;
  const changes = value.map(decodeChange);
  return changes.every(change => change !== null) ? changes : null;
}

function decodeChange(value: unknown): PolicyChange | null {
  if (!isObject(value)) return null;
  const isOn = value['isOn'];
  if (value['type'] === 'shadow') return typeof isOn === 'boolean' ? { type: 'shadow', isOn } : null;
  const [type, list, entry, until] = [value['type'], value['list'], text(value, 'entry'), value['until']];
  if ((type !== 'add' && type !== 'remove') || !isListName(list) || entry === null) return null;
  return typeof until === 'number' ? { type, list, entry, until } : { type, list, entry };
}

const isListName = (value: unknown): value is ListName =>
  value === 'allow' || value === 'passthrough' || value === 'deny';
