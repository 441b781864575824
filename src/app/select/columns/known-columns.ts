import { NO_RECORDS } from '../../state/fleet-view.ts';
import { initialState, type Options } from '../../state/state.ts';
import type { ScreenName } from '../../state/screen.ts';
import { columnName, isChoosable } from './column-choice.ts';
import { deniedColumns } from './denied-columns.ts';
import { hostColumns } from './host-columns.ts';
import { nameColumns } from './name-columns.ts';
import { MachineIndex } from '../../../core/traffic/machine-index.ts';
import { machineColumns } from './machine-columns.ts';
import { policyColumns } from './policy-columns.ts';
import { streamColumns } from './stream-columns.ts';
import { suggestColumns } from './suggest-columns.ts';

const OPTIONS: Options = {
  isReadonly: false,
  showQueries: false,
  judging: {},
  outcomeOf: () => null,
  noPolicy: '',
  emptyHelp: [],
};

const FLEET = { name: '', machines: [], awaySince: null, trouble: null, records: NO_RECORDS };

/** The names of the columns that can be chosen for a list. */
export function knownColumns(screen: ScreenName): readonly string[] {
  const state = { ...initialState(OPTIONS, null, { columns: 400, rows: 50, now: 0 }), screen, fleet: FLEET };
  const names = (columns: readonly { readonly title: string }[]): readonly string[] =>
    columns.map(columnName).filter(isChoosable);
  switch (screen) {
    case 'hosts':
      return names(hostColumns(state, undefined, new MachineIndex()));
    case 'denied':
      return names(deniedColumns({ ...state, showsDismissed: true }));
    case 'tools':
      return [...names(nameColumns('TOOL', state, {})), 'other-surfaces'];
    case 'agents':
      return names(nameColumns('AGENT', state, {}));
    case 'stream':
      return names(streamColumns(state));
    case 'policy':
      return names(policyColumns(state, null));
    case 'machines':
      return names(machineColumns(state));
    case 'suggest':
      return names(suggestColumns(state));
  }
}
