import { resolve } from 'node:path';
import type { Dialect, MediationMode } from '../core/dialect.ts';
import { describeProblem, type Problem } from '../core/problem.ts';
import { SYSTEMS } from '../systems/index.ts';
import type { System } from '../systems/system.ts';
import { systemNamed } from './common-options.ts';
import { Failure, misuse } from './failure.ts';
import { note } from './output.ts';

/** A policy file and whose it is. */
export interface PolicyTarget {
  /** Absolute. */
  readonly path: string;
  /** As the operator named it. */
  readonly shownPath: string;
  readonly system: System;
  readonly dialect: Dialect;
}

export interface PolicyOptions {
  readonly policy: string;
  readonly system?: string;
  readonly mode?: MediationMode;
  readonly json?: true;
}

/** The system that reads such a file: the one named, else the first whose dialect takes a file of that name. */
export function policyTarget(file: string, systemName: string | undefined): PolicyTarget {
  const path = resolve(file);
  const system = systemName === undefined ? detected(path) : systemNamed(systemName);
  if (!system.dialect) throw misuse(`${system.name} policies are not read yet`);
  return { path, shownPath: file, system, dialect: system.dialect };
}

/** A file nobody reads is shown to the first dialect, which says what it wants. */
function detected(path: string): System {
  const found = SYSTEMS.filter(system => system.dialect !== null);
  const [first] = found;
  if (!first) throw new Error('no system has a dialect');
  return found.find(system => system.dialect?.format(path) !== null) ?? first;
}

/** Tells every problem on a line of its own; the Failure then says what follows from them. */
export function refusal(why: string, problems: readonly Problem[]): Failure {
  for (const problem of problems) note(describeProblem(problem));
  return new Failure(why);
}
