import type { ListName, PolicyChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { isObject, parseObject, text } from '../../core/record.ts';
import { toIso } from '../../core/time.ts';

/** One act on a policy file, as the journal keeps it. */
export interface JournalRecord {
  /** ISO. */
  readonly at: string;
  /** `user@host`, or who acted by itself. */
  readonly actor: string;
  /** The file itself, with links followed. */
  readonly file: string;
  /** Revisions of the text before and after. */
  readonly before: string;
  readonly after: string;
  readonly edit: PolicyEdit | Undo;
  readonly diff: string;
  /** ISO: when the first of the entries added ends; null when they all stay. */
  readonly expires: string | null;
  /** ISO: when a mediator said that it holds this text; null while nobody saw that. */
  readonly acknowledged: string | null;
}

/** Which record was taken back, and the edit that did it. */
export interface Undo {
  readonly type: 'undo';
  readonly of: { readonly at: string; readonly after: string };
  readonly edit: PolicyEdit;
}

/** The name that tells a record from the others of its file. */
export type RecordName = Undo['of'];

/** A line that says of an earlier record: it was journalled and then could not be written, or a mediator took it up. */
export type Remark = Omit<JournalRecord, 'edit'> & {
  readonly edit: { readonly type: 'withdrawal' | 'acknowledgement'; readonly of: RecordName };
};

/** An edit, and no undo. */
export type EditRecord = JournalRecord & { readonly edit: PolicyEdit };

/** Whether a record is of an edit, and not of an undo. */
export const isEdit = (record: JournalRecord): record is EditRecord => !('type' in record.edit);

/** Whether two names are of one record. */
export const sameRecord = (one: RecordName, other: RecordName): boolean =>
  one.at === other.at && one.after === other.after;

/** The line that takes this record out of the journal. */
export const withdrawalOf = ({ at, after, ...record }: JournalRecord): Remark => ({
  ...record,
  at,
  after: record.before,
  edit: { type: 'withdrawal', of: { at, after } },
  diff: '',
  expires: null,
});

/** The line that says which mediator took this record up, and when (unix ms). */
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

/** The records that took effect, with what was acknowledged of them: without those withdrawn, and without the lines that say so. */
export function effective(lines: readonly (JournalRecord | Remark)[]): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const line of lines) {
    if (isRecord(line)) records.push(line);
    else remarked(records, line);
  }
  return records;
}

/** Applies a remark to the last such record of the same file. */
function remarked(records: JournalRecord[], { file, edit: { type, of }, acknowledged }: Remark): void {
  const index = records.findLastIndex(record => record.file === file && sameRecord(record, of));
  const found = records[index];
  if (!found) return;
  if (type === 'withdrawal') records.splice(index, 1);
  else records[index] = { ...found, acknowledged: found.acknowledged ?? acknowledged };
}

const isRecord = (line: JournalRecord | Remark): line is JournalRecord =>
  !('type' in line.edit) || line.edit.type === 'undo';

/** The record's changes of entries, also where it was an undo. */
export const changesOf = ({ edit }: JournalRecord): PolicyEdit => ('type' in edit ? edit.edit : edit);

/** A line of the journal as a record; null when it is none, as a line torn by a crash. */
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
