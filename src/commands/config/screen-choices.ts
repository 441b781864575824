import { SORTS } from '../../app/lists/order.ts';
import { knownColumns } from '../../app/select/columns/known-columns.ts';
import type { ColumnChoice, ColumnChoices } from '../../app/state/columns.ts';
import type { Preferences } from '../../app/state/preferences.ts';
import { SCREENS, type ScreenName, type SortKey } from '../../app/state/screen.ts';
import { parseView, type SavedView } from '../../app/state/views.ts';
import { nearWord } from '../../core/near-word.ts';
import type { Problem } from '../../core/problem.ts';
import type { Config, SetValue } from './read-config.ts';

/** The valid choices for the screens, and the problems of the others. */
export interface ScreenChoices {
  readonly sorts: NonNullable<Preferences['sorts']>;
  readonly columns: ColumnChoices;
  readonly views: readonly SavedView[];
  readonly problems: readonly Problem[];
}

/** The sorts, columns and views in the file. An unknown one is reported with its place and ignored. */
export function screenChoices(config: Config): ScreenChoices {
  const problems: Problem[] = [];
  return {
    sorts: sortsOf(config, problems),
    columns: columnsOf(config, problems),
    views: viewsOf(config, problems),
    problems,
  };
}

function sortsOf(config: Config, problems: Problem[]): ScreenChoices['sorts'] {
  const sorts: Partial<Record<ScreenName, { readonly sort: SortKey; readonly isReversed: boolean }>> = {};
  for (const screen of SCREENS) {
    const found = config.values.get(`sort.${screen}`);
    if (typeof found?.value !== 'string' || found.value === '') continue;
    const [isReversed, name] = [found.value.startsWith('-'), found.value.replace(/^-/, '')];
    const sort = SORTS[screen].find(key => key === name);
    if (sort) sorts[screen] = { sort, isReversed };
    else
      problems.push(
        unknown(config, found, { why: `${screen} cannot be sorted by ${name}`, name, known: SORTS[screen] }),
      );
  }
  return sorts;
}

function columnsOf(config: Config, problems: Problem[]): ColumnChoices {
  const chosen: Partial<Record<ScreenName, ColumnChoice>> = {};
  for (const screen of SCREENS) {
    const found = config.values.get(`columns.${screen}`);
    const names = found ? textsOf(found) : [];
    if (!found || names.length === 0) continue;
    const known = knownColumns(screen);
    const bad = names.filter(name => !known.includes(name));
    for (const name of bad)
      problems.push(unknown(config, found, { why: `${screen} has no column ${name}`, name, known }));
    if (bad.length === 0) chosen[screen] = names;
  }
  return chosen;
}

function viewsOf(config: Config, problems: Problem[]): readonly SavedView[] {
  const found = config.values.get('views');
  return (found ? textsOf(found) : []).flatMap(text => {
    const view = parseView(text, SORTS);
    if (typeof view !== 'string') return [view];
    if (found)
      problems.push(
        problemAt(config, found, {
          why: `${view}: ${text}`,
          remedy: 'write it as: trouble = denied -denied new:1h',
        }),
      );
    return [];
  });
}

const textsOf = ({ value }: SetValue): readonly string[] => (typeof value === 'object' ? value : []);

function unknown(
  config: Config,
  found: SetValue,
  { why, name, known }: { readonly why: string; readonly name: string; readonly known: readonly string[] },
): Problem {
  const near = nearWord(name, known);
  const meant = near === null ? '' : `: did you mean ${near}?`;
  return problemAt(config, found, { why: `${why}${meant}`, remedy: `it is one of ${known.join(', ')}` });
}

const problemAt = (
  { path }: Config,
  { line, column }: SetValue,
  { why, remedy }: { readonly why: string; readonly remedy: string },
): Problem => ({ source: path, line, column, severity: 'error', why, remedy });
