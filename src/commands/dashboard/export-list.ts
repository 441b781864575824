import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Notice } from '../../app/state/state.ts';
import { errorCode, faultOf } from '../../core/file-error.ts';
import { plural } from '../../core/grouped.ts';
import type { ExportForm, ShownTable } from '../../core/export/shown-table.ts';
import { shownTableText } from '../../report/shown-table.ts';

/** Writes a list to a new file, and tells how that went. A file that is there is never touched. */
export async function exportList(file: string, form: ExportForm, table: ShownTable): Promise<Notice> {
  const path = resolve(file);
  try {
    await writeFile(path, shownTableText(table, form), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    const why = code === 'EEXIST' ? 'it is there already' : faultOf(code, 'write').why;
    return { text: `nothing was written: ${path}: ${why}`, tone: 'warn' };
  }
  return { text: `${plural(table.rows.length, 'row')} written to ${path}`, tone: 'allow' };
}
