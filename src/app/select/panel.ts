import { keyFor } from '../keys/key-bindings.ts';
import { spellKey } from '../keys/spell-key.ts';
import { editInWords } from '../../core/policy/describe-edit.ts';
import { fit, wrap } from './text/fit.ts';
import { grouped, plural } from '../../core/grouped.ts';
import { matchingCommands } from '../keys/palette.ts';
import { wholeDiff } from './diff-lines.ts';
import { typed } from './footer.ts';
import { BLANK, line, span, type Line, type Tone } from './text/span.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { State } from '../state/state.ts';
import { candidateLines, choices, columnLines, menuLines, numbered } from './choice-lines.ts';
import type { Dialog, PlannedEdit } from '../state/dialog.ts';
import type { Prompt } from '../state/prompt.ts';
import { GRANT_CHOICES } from '../state/grant-choices.ts';
import { SORTS } from '../lists/order.ts';

/** The lines of the open dialog or palette, below the list; null if none is open. */
export function panelLines(state: State, traffic: Traffic): readonly Line[] | null {
  if (state.prompt.type === 'filter') return candidateLines(state.prompt, traffic);
  if (state.prompt.type === 'palette') return paletteLines(state, state.prompt);
  switch (state.dialog.type) {
    case 'none':
      return null;
    case 'edit':
      return editLines(state, state.dialog, state.columns - 4);
    case 'grant':
      return grantLines(state, state.dialog);
    case 'confirm':
      return confirmLines(state, state.dialog.question);
    case 'columns':
      return columnLines(state, state.dialog);
    case 'menu':
      return menuLines(state, state.dialog);
    case 'sort':
      return [
        line('Sort by', 'accent'),
        ...choices(numbered(state, SORTS[state.screen]), state.dialog.chosen),
        BLANK,
        line(`${keyFor(state, 'confirm')} chooses, ${keyFor(state, 'cancel')} leaves`, 'dim'),
      ];
  }
}

/** The question whether to lose a draft, with the two answers. */
const confirmLines = (state: State, question: 'drop-draft' | 'leave'): readonly Line[] => [
  line(question === 'leave' ? 'Leave the program? A draft is open.' : 'Drop the draft?', 'accent'),
  ...(state.draft?.edits ?? []).map(edit => line(`  ${editInWords(edit)}`)),
  line('Not saved; the file stays as it is.', 'warn'),
  BLANK,
  [
    span(keyFor(state, 'keep'), 'strong'),
    span(' saves it   ', 'dim'),
    span(keyFor(state, 'confirm-anyway'), 'strong'),
    span(question === 'leave' ? ' drops it and leaves   ' : ' drops it   ', 'dim'),
    span(keyFor(state, 'cancel'), 'strong'),
    span(' stays', 'dim'),
  ],
];

/** Commands that are listed at once. */
const MOST_COMMANDS = 8;
/** A command with its key, which is never cut off, as the end of a long command is. */
function withKey(help: string, key: string, width: number): string {
  const room = width - key.length - 4;
  return `${fit(help, room).trimEnd()}  (${key})`;
}

function paletteLines(
  state: State,
  { input, chosen }: Extract<Prompt, { readonly type: 'palette' }>,
): readonly Line[] {
  const all = matchingCommands(input.text, state);
  const found = all.slice(0, MOST_COMMANDS);
  const more =
    all.length > found.length ? `  the first ${found.length} of ${all.length}: letters narrow them` : '';
  return [
    [span('Commands', 'accent'), span(more, 'dim')],
    ...choices(
      found.map(({ keys, help }) => withKey(help, spellKey(keys[0] ?? ''), state.columns - 4)),
      chosen,
    ),
    ...(found.length === 0 ? [line('  no command of that name', 'dim')] : []),
  ];
}

function grantLines(state: State, dialog: Extract<Dialog, { readonly type: 'grant' }>): readonly Line[] {
  const who = dialog.hosts.length === 1 ? (dialog.hosts[0] ?? '') : `${dialog.hosts.length} hosts`;
  return [
    line(`Allow ${who} for a while`, 'accent'),
    ...choices(
      numbered(
        state,
        GRANT_CHOICES.map(choice => choice.label),
      ),
      dialog.chosen,
    ),
    ...(dialog.input ? [[span('until: ', 'dim'), ...typed(dialog.input, 60)]] : []),
    ...(dialog.error === null ? [] : [line(dialog.error, 'deny')]),
    BLANK,
    line(
      dialog.input
        ? 'as 45m, 2h30m, 18:00 (UTC) or 2026-11-20T18:00Z; Enter goes on, Esc leaves'
        : `${keyFor(state, 'confirm')} goes on, ${keyFor(state, 'cancel')} leaves`,
      'dim',
    ),
  ];
}

type EditDialog = Extract<Dialog, { readonly type: 'edit' }>;

function editLines(state: State, dialog: EditDialog, width: number): readonly Line[] {
  const path = state.policy?.path ?? '';
  const takesUpBy = state.options.takesUpBy ?? null;
  const head: Line[] = [line(dialog.title, 'accent')];
  if (dialog.isConflict) head.push(...wrap(CONFLICT, width).map(text => line(text, 'warn')));
  head.push(...choices(labels(state, dialog), dialog.chosen));
  const { planning } = dialog;
  switch (planning.type) {
    case 'planning':
      return [...head, line('reading the file …', 'dim')];
    case 'refused':
      return [
        ...head,
        ...wrap(planning.why, width).map(text => line(text, 'deny')),
        line(`${keyFor(state, 'cancel')} leaves`, 'dim'),
      ];
    case 'planned':
    case 'writing':
      return [
        ...head,
        ...(dialog.into === 'file' ? fateLines(planning.plan, path, width) : []),
        ...(dialog.into === 'file' && takesUpBy !== null
          ? wrap(`Then runs: ${takesUpBy}`, width).map(text => line(text, 'accent'))
          : []),
        ...planLines(planning.plan, width),
        planning.type === 'writing' ? line('writing …', 'dim') : keysLine(state, planning.plan, dialog),
      ];
  }
}

/** A note that the file is created or removed. */
function fateLines({ fate }: PlannedEdit, path: string, width: number): readonly Line[] {
  switch (fate) {
    case 'changed':
      return [];
    case 'made':
      return wrap(`${path} is not there yet: this makes it.`, width).map(text => line(text, 'accent'));
    case 'removed':
      return wrap(`${path} was made by this edit: undoing it removes the file.`, width).map(text =>
        line(text, 'warn'),
      );
  }
}

const CONFLICT =
  'The file changed while you looked. Nothing was written; this is the edit on the file as it is now.';

/** The labels of the choices. A single choice has no number. */
function labels(state: State, { choices }: EditDialog): readonly string[] {
  const forms = choices.map(choice => choice.label);
  return forms.length > 1 ? numbered(state, forms) : forms;
}

/** The keys that work in the dialog. */
function keysLine(state: State, { warnings }: PlannedEdit, { into, choices }: EditDialog): Line {
  const key = (name: string, help: string, tone: Tone = 'dim'): Line => [
    span(name, 'strong'),
    span(` ${help}   `, tone),
  ];
  const confirming = (): Line => {
    if (into === 'draft')
      return key(keyFor(state, 'confirm'), 'puts this into the draft; nothing is written');
    return warnings.length > 0
      ? key(keyFor(state, 'confirm-anyway'), 'writes despite the warnings', 'warn')
      : key(keyFor(state, 'confirm'), 'writes this');
  };
  return [
    ...confirming(),
    ...(choices.length > 1
      ? key(`${keyFor(state, 'previous-choice')}${keyFor(state, 'next-choice')}`, 'another form')
      : []),
    ...key(keyFor(state, 'cancel'), 'leaves'),
  ];
}

/** The warnings, the effect on the traffic, and the diff, which is last because it may need scrolling. */
function planLines(plan: PlannedEdit, width: number): readonly Line[] {
  return [
    ...(plan.remark === null ? [] : wrap(plan.remark, width).map(text => line(text, 'dim'))),
    ...plan.warnings.flatMap(({ severity, entry, why }) =>
      wrap(`${severity === 'danger' ? 'DANGER' : 'Warning'}: ${entry} ${why}`, width).map(text =>
        line(text, severity === 'danger' ? 'deny' : 'warn'),
      ),
    ),
    ...effectLines(plan, width),
    ...wholeDiff(plan.diff, width),
  ];
}

function effectLines({ preview }: PlannedEdit, width: number): readonly Line[] {
  const { covered, near } = preview;
  const names = covered.slice(0, 6).map(changeOf);
  const more = covered.length > 6 ? ` and ${covered.length - 6} more` : '';
  const lines = [
    covered.length === 0
      ? 'Covers no host seen so far.'
      : `Covers ${plural(covered.length, 'host')} seen so far: ${names.join(', ')}${more}.`,
    ...(near.length > 0
      ? [`Does not cover ${near.slice(0, 6).join(', ')}${near.length > 6 ? ` and others` : ''}.`]
      : []),
    ...(preview.denialsLetThrough > 0
      ? [
          `Would have let through ${plural(preview.denialsLetThrough, 'past denial')}. By agent: ${who(preview.agents)}. By tool: ${who(preview.tools)}.`,
        ]
      : []),
    ...(preview.denialsOfOthers > 0
      ? [
          `${plural(preview.denialsOfOthers, 'more denial was', 'more denials were')} not this policy’s: ${preview.denialsOfOthers === 1 ? 'it' : 'they'} would have stayed.`,
        ]
      : []),
    ...(preview.allowsRefused > 0
      ? [
          `Would have refused ${plural(preview.allowsRefused, 'past decision that was', 'past decisions that were')} let through.`,
        ]
      : []),
    ...(preview.unknownHosts > 0
      ? [
          `${plural(preview.unknownHosts, 'quiet host was', 'quiet hosts were')} folded: nothing can be said of ${preview.unknownHosts === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ];
  return lines.flatMap(text => wrap(text, width).map(part => line(part)));
}

/** A host and what changes for it: the verdict, else the treatment of its TLS. */
function changeOf({ host, before, after }: PlannedEdit['preview']['covered'][number]): string {
  if (before.verdict !== after.verdict) return `${host} ${before.verdict}→${after.verdict}`;
  if (before.interception === after.interception) return host;
  return `${host} ${before.interception ?? '-'}→${after.interception ?? '-'}`;
}

const who = (counts: readonly (readonly [string, number])[]): string =>
  counts.length === 0
    ? 'unknown'
    : counts
        .slice(0, 4)
        .map(([name, count]) => `${name === '-' ? 'none named' : name} ×${grouped(count)}`)
        .join(', ');
