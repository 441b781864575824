import { keyed, keyFor } from '../../keys/key-bindings.ts';
import { judgedAs } from '../../../core/policy/judging.ts';
import { describeProblem, isError } from '../../../core/problem.ts';
import { standingWords } from '../../../core/fleet/standings.ts';
import { wrap } from '../text/fit.ts';
import { clock } from '../text/format.ts';
import { describeEdit } from '../../../core/policy/describe-edit.ts';
import { editedPolicy, judging } from '../../state/drafted-policy.ts';
import { failingLines, rolloutLines } from './standing-cells.ts';
import { BLANK, line, span, type Line } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { judgedMeanwhile, troubleWords } from '../../state/policy-trouble.ts';
import { mediatorName, readsPolicy, type MediatorState } from '../../state/outside.ts';

/** The lines above the entries: the file and whether it is in force, the mediators, the newest edits. */
export function policyNotes(state: State): readonly Line[] {
  const width = Math.max(20, state.columns - 2);
  const { policy } = state;
  const judgement = judgedAs(judging(state));
  if (!policy)
    return [
      ...wrap(state.options.noPolicy, width - 1).map(text => line(` ${text}`, 'warn')),
      ...state.mediators.flatMap(mediator => mediatorLines(mediator, width)),
      BLANK,
    ];
  return [
    [
      span(` ${policy.path}`, 'strong'),
      span(
        [
          `  ${policy.dialect}`,
          (policy.revision ?? '').slice(0, 19),
          ...(policy.loadedAt === null ? [] : [`read ${clock(policy.loadedAt, state.now)}`]),
          ...(judgement === '' ? [] : [`judged as ${judgement}`]),
        ].join('  '),
        'dim',
      ),
    ],
    ...(policy.readOnly === undefined ? [] : wrap(policy.readOnly, width - 1)).map(text =>
      line(` ${text}`, 'warn'),
    ),
    ...shadowLines(state, width),
    ...rejected(state, width),
    ...inForce(state, width),
    ...state.mediators.flatMap(mediator => mediatorLines(mediator, width)),
    ...state.journal
      .slice(0, 3)
      .map(({ at, actor, what }) =>
        line(` ${at.slice(5, 16).replace('T', ' ')}  ${what}  by ${actor}`, 'dim'),
      ),
    BLANK,
  ];
}

/** A warning about shadow mode, because such a policy denies nothing. */
const shadowLines = (state: State, width: number): readonly Line[] =>
  editedPolicy(state)?.isShadow
    ? wrap(
        `Shadow mode is on: what the rules deny is recorded and let through. ${keyFor(state, 'shadow')} switches it off.`,
        width - 1,
      ).map(text => line(` ${text}`, 'warn'))
    : [];

function rejected(state: State, width: number): readonly Line[] {
  const { policy } = state;
  const trouble = policy && troubleWords(policy);
  if (!trouble) return [];
  const tone = trouble.hindrance === null ? 'warn' : 'deny';
  const problems =
    trouble.hindrance === null
      ? []
      : policy.problems
          .filter(isError)
          .slice(0, 4)
          .flatMap(problem => wrap(describeProblem(problem), width - 1));
  return [...wrap(`${keyed(state, trouble.meaning)} ${judgedMeanwhile(policy)}`, width - 1), ...problems].map(
    text => line(` ${text}`, tone),
  );
}

/** Shown while no mediator has been observed. */
const UNSEEN =
  'No log says yet which policy its mediator uses. After an edit, the next decision on that host shows it. If nothing changes, restart the mediator.';

function inForce(state: State, width: number): readonly Line[] {
  const { enforcement, mediators, policy, now, standings } = state;
  if (standings)
    return [
      line(` ${standingWords(standings)}`),
      ...rolloutLines(standings, width),
      ...failingLines(standings, width),
    ];
  switch (enforcement.type) {
    case 'none':
      return mediators.some(
        mediator =>
          mediator.revision !== null &&
          mediator.revision === policy?.revision &&
          readsPolicy(mediator, policy),
      )
        ? [line(' In force: a mediator says that it rules by this very revision.', 'allow')]
        : wrap(UNSEEN, width - 1).map(text => line(` ${text}`, 'dim'));
    case 'saved':
      return wrap(
        `${describeEdit(enforcement.edit)}: saved ${clock(enforcement.at, now)}; ${enforcement.advice}`,
        width - 1,
      ).map(text => line(` ${text}`, 'warn'));
    case 'acknowledged':
      return [
        line(
          ` ${describeEdit(enforcement.edit)}: acknowledged by ${mediatorName(mediators, enforcement.by)} ${clock(enforcement.acknowledgedAt, now)}`,
          'accent',
        ),
      ];
    case 'confirmed':
      return [
        line(
          ` ${describeEdit(enforcement.edit)}: confirmed by a decision on ${enforcement.host} ${clock(enforcement.confirmedAt, now)}`,
          'allow',
        ),
      ];
  }
}

function mediatorLines(
  { system, name, summary, differences, remedy }: MediatorState,
  width: number,
): readonly Line[] {
  const lines = wrap(`${system} ${name}: ${summary}`, width - 1).map(text => line(` ${text}`));
  if (differences.length === 0) return lines;
  const changes = wrap(
    `restart required: ${differences.join(', ')}${remedy === null ? '' : `; ${remedy}`}`,
    width - 3,
  );
  return [...lines, ...changes.map(text => line(`   ${text}`, 'warn'))];
}
