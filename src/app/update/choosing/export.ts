import { keyFor } from '../../keys/key-bindings.ts';
import { EXPORT_FORMS, type ExportForm } from '../../../core/export/shown-table.ts';
import { toIso } from '../../../core/time.ts';
import { inputOf } from '../../keys/text-input.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import type { Context, Step } from '../step.ts';

const LABELS: Readonly<Record<ExportForm, string>> = {
  csv: 'CSV, the rows alone',
  json: 'JSON',
  md: 'Markdown',
  html: 'HTML, one page',
};

/** `E`: opens the choice of an export format. */
export function exportAsked(state: State, { view }: Context): Step {
  if (state.pages.length > 0)
    return noticed(state, `lists are exported; ${keyFor(state, 'copy-menu')} copies from a page`);
  const rows = view.order.length;
  if (rows === 0) return noticed(state, 'the list is empty: there is nothing to export');
  const items = EXPORT_FORMS.map(form => ({ label: LABELS[form], act: { type: 'export' as const, form } }));
  const title = `Export ${state.screen}: ${rows} ${rows === 1 ? 'row' : 'rows'}, with the present filter`;
  return [{ ...state, dialog: { type: 'menu', title, items, chosen: 0 } }, []];
}

/** Asks for the file. The suggested name describes the content. */
export function fileAsked(state: State, form: ExportForm): State {
  const time = toIso(state.now).slice(0, 19).replaceAll(':', '');
  return {
    ...state,
    prompt: { type: 'file-name', form, input: inputOf(`egresstop-${state.screen}-${time}.${form}`) },
  };
}

/** Orders the export of the list to this file. */
export function fileNamed(
  state: State,
  { file, form }: { readonly file: string; readonly form: ExportForm },
  { view }: Context,
): Step {
  if (file.trim() === '') return [state, []];
  return [state, [{ type: 'export-list', file: file.trim(), form, table: view.table() }]];
}
