import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { TakeUp } from '../../core/policy/take-up.ts';
import type { Dialect, Policy, PolicyEdit, PolicyFormat } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import { withArticle } from '../../core/text/article.ts';
import { describeProblem, isError, type Problem } from '../../core/problem.ts';
import { readText } from '../../policy-file/read.ts';
import { SYSTEMS } from '../../systems/index.ts';
import type { HeldPolicy, RuledTogether, System } from '../../systems/system.ts';
import { systemNamed } from '../../reading/selection.ts';
import { Failure, misuse, type FailureCode } from '../../core/failure.ts';
import { note } from '../output.ts';
import { ownJournal, placesOf } from '../places.ts';

/** A policy file, and its system. */
export interface PolicyTarget {
  /** An absolute path. */
  readonly path: string;
  /** The path as the operator wrote it. */
  readonly shownPath: string;
  readonly system: System;
  readonly dialect: Dialect;
  /** Its combination with other files of the product; absent for a single file. */
  readonly together?: RuledTogether;
  /** Why it is never edited. The part before the colon names its owner. Absent if it may be edited. */
  readonly readOnly?: string;
  /** The step that makes its reader load it after a write; absent if the operator must do that. */
  readonly takeUp?: TakeUp;
  /** Updates the copy of a policy that a product stores; absent for an ordinary file. */
  readonly refresh?: () => Promise<void>;
}

/** The reason why a target is not edited, as a record to spread; empty if it may be edited. */
export const readOnlyOf = ({ readOnly }: Pick<PolicyTarget, 'readOnly'>): Pick<PolicyTarget, 'readOnly'> =>
  readOnly === undefined ? {} : { readOnly };

/** The dialect for judging, which uses all files of the product. Edits are planned by `dialect`. */
export const judgedBy = ({ dialect, together }: Pick<PolicyTarget, 'dialect' | 'together'>): Dialect =>
  together?.dialect ?? dialect;

/** The flags of every verb on a policy. */
export interface PolicyOptions {
  readonly policy: string;
  readonly system?: string;
  readonly json?: true;
}

/**
 * Finds the system of a policy file: the named one, else one whose mediator uses this file, else the first whose policies look like it.
 * `FILE#NAME` selects one of several policies in a file.
 */
export async function policyTarget(named: string, systemName: string | undefined): Promise<PolicyTarget> {
  const holder = SYSTEMS.find(({ heldPolicy }) => heldPolicy?.word === named);
  if (holder?.heldPolicy && !existsSync(named)) return heldTarget(holder, holder.heldPolicy);
  const { file, part } = partOf(named);
  const path = resolve(file);
  const system =
    systemName === undefined ? ((await readerOf(path)) ?? (await detected(path))) : systemNamed(systemName);
  const whole = await system.dialect();
  if (part !== null && !whole.part)
    throw misuse(`${withArticle(system.name)} policy file is one policy: leave out #${part}`);
  const dialect = part === null ? whole : (whole.part?.(part) ?? whole);
  const together = part === null ? await system.together?.(path, placesOf(undefined)) : undefined;
  const takeUp = await system.takeUp?.(path, placesOf(undefined));
  return {
    path,
    shownPath: named,
    system,
    dialect,
    ...(together ? { together } : {}),
    ...(takeUp ? { takeUp } : {}),
  };
}

/** The target for a policy that its product stores: edits go into a copy, and from there to the product. */
async function heldTarget(system: System, held: HeldPolicy): Promise<PolicyTarget> {
  const folder = join(dirname(ownJournal()), 'held');
  const copied = await held.copy(folder);
  if ('why' in copied) throw new Failure(copied.why, 1, { code: 'unreadable-policy', remedy: null });
  const { path } = copied;
  const takeUp = await system.takeUp?.(path, placesOf(undefined));
  return {
    path,
    shownPath: held.word,
    system,
    dialect: await system.dialect(),
    ...(takeUp ? { takeUp } : {}),
    refresh: async () => void (await held.copy(folder)), // on failure the old copy stays
  };
}

/** Splits `FILE#NAME`. If a file with the whole name exists, there is no part. */
function partOf(named: string): { readonly file: string; readonly part: string | null } {
  const hashes = existsSync(named) ? [] : [...named.matchAll(/#/g)];
  const at = hashes.find(({ index }) => existsSync(named.slice(0, index)))?.index;
  return at === undefined
    ? { file: named, part: null }
    : { file: named.slice(0, at), part: named.slice(at + 1) };
}

async function readerOf(path: string): Promise<System | null> {
  for (const system of SYSTEMS.filter(({ activation }) => activation.type === 'reload')) {
    const running = await system.inspect(placesOf(undefined));
    if (running.some(({ policyPath }) => policyPath === path)) return system;
  }
  return null;
}

/**
 * The first system whose policies look like the file. A file of unknown form goes to the last system, whose errors say what it expects. If
 * other systems also read such files, the operator must name one.
 */
async function detected(path: string): Promise<System> {
  const read = await readText(path);
  const system = await claimantOf(read.type === 'text' ? read.text : '', path);
  const dialect = await system.dialect();
  const isRead = dialect.format(path) !== null;
  const isTold = read.type !== 'text' || basename(path).includes(system.name);
  if (isRead && (isTold || !isAssumed(dialect, read.text, path))) return system;
  const readers = await readersOf(path, format => isRead || format === 'toml');
  if (readers.length === 0) return system;
  const why = isRead ? 'holds nothing that tells its system' : "looks like no system's policy";
  throw new Failure(`${path} ${why}`, 1, {
    code: 'invalid-policy',
    remedy: `name its system: ${readers.map(name => `--system ${name}`).join(' or ')}`,
  });
}

/** The systems that read a file of that name, in a format that is looked for. */
async function readersOf(path: string, isOf: (format: PolicyFormat) => boolean): Promise<readonly string[]> {
  const readers: string[] = [];
  for (const { name, dialect } of SYSTEMS) {
    const format = (await dialect()).format(path);
    if (format !== null && isOf(format)) readers.push(name);
  }
  return readers;
}

/** Blanks, comments, and the spellings of nothing in JSON, YAML and TOML. */
const NOTHING = /^(?:\s|#[^\n]*(?:\n|$)|---|\.\.\.|\{\s*\}|null|~)*$/;

/** Whether a file says nothing, so that its reader was assumed: the dialect would take it under any name, and rule by its defaults. */
const isAssumed = (dialect: Dialect, text: string, path: string): boolean =>
  NOTHING.test(text.replace(/^\uFEFF/, '')) &&
  dialect.claims(text, join(dirname(dirname(path)), `policy${extname(path)}`)) &&
  !dialect.parse(text, path).problems.some(isError);

/** The first system whose policies look like this text and file name, else the last. */
export async function claimantOf(text: string, path: string): Promise<System> {
  const asked = SYSTEMS.filter(({ activation }) => activation.type !== 'reload');
  for (const system of asked)
    if (system.mayRead?.(text, path) !== false && (await system.dialect()).claims(text, path)) return system;
  const last = asked.at(-1);
  if (!last) throw new Error('no system has a dialect');
  return last;
}

/** The operator's next step after a write. */
export const adviceOn = ({ system, path }: PolicyTarget, policy: Policy): string =>
  system.activation.advice({ path, policy });

/** The step that the end of a grant also needs, in a system that reads its policy only at its start. Null if none is needed. */
export function endAdvice(target: PolicyTarget, edit: PolicyEdit, policy: Policy): string | null {
  const hasEnd = entryChanges(edit).some(({ type, until }) => type === 'add' && until !== undefined);
  const step = hasEnd ? stepAfter(target, policy) : null;
  return step && `the same holds for its end: ${step}`;
}

/** The operator's next step after a write, in a few words. Null if the reader or a command does it. */
export const stepAfter = (target: PolicyTarget, policy: Policy): string | null =>
  target.system.activation.type === 'restart' && target.takeUp === undefined
    ? adviceOn(target, policy).replace(/[:;].*$/s, '')
    : null;

/** Prints each problem on a line. Returns the Failure that sums them up. */
export function refusal(why: string, problems: readonly Problem[], code: FailureCode = 'refused'): Failure {
  for (const problem of problems) note(describeProblem(problem));
  const [first] = problems;
  return new Failure(why, 1, { code, remedy: code === 'refused' ? null : (first?.remedy ?? null) });
}
