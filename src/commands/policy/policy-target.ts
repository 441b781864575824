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

/** A policy file and whose it is. */
export interface PolicyTarget {
  /** Absolute. */
  readonly path: string;
  /** As the operator named it. */
  readonly shownPath: string;
  readonly system: System;
  readonly dialect: Dialect;
  /** How it rules together with other files of its product; absent where it rules alone. */
  readonly together?: RuledTogether;
  /** Why it is never edited: up to the colon, whose it is. Absent where it may be. */
  readonly readOnly?: string;
  /** How its reader is made to read it again after each write; absent where that is the operator's to do. */
  readonly takeUp?: TakeUp;
  /** Brings the copy of a policy that its product holds up to date; absent for a file of the operator's own. */
  readonly refresh?: () => Promise<void>;
}

/** The part of a target that says why it is not edited: empty where it may be. */
export const readOnlyOf = ({ readOnly }: Pick<PolicyTarget, 'readOnly'>): Pick<PolicyTarget, 'readOnly'> =>
  readOnly === undefined ? {} : { readOnly };

/** The dialect that judges by the file, and by the others that its product reads beside it. Edits are planned by `dialect`. */
export const judgedBy = ({ dialect, together }: Pick<PolicyTarget, 'dialect' | 'together'>): Dialect =>
  together?.dialect ?? dialect;

/** The flags that every verb on a policy takes. */
export interface PolicyOptions {
  readonly policy: string;
  readonly system?: string;
  readonly json?: true;
}

/**
 * The policy file's system. It is the one named, else one whose mediator runs with this very file, else the first that takes a file of that
 * name. `FILE#NAME` picks one of the policies that the file holds.
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

/** A policy that its product holds: edits go into a copy, and from there to the product. */
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
    refresh: async () => void (await held.copy(folder)), // what it does not say now it may say the next time
  };
}

/** A file whose own name holds the `#` is that file. */
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
 * The first system whose policies look like that. A file that looks like nobody's goes to the last, which says what it wants. Where others
 * read such files, the operator has to name the system, and so where the file says nothing.
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

/** The first system whose policies look like this text in a file of this name, else the last. */
export async function claimantOf(text: string, path: string): Promise<System> {
  const asked = SYSTEMS.filter(({ activation }) => activation.type !== 'reload');
  for (const system of asked)
    if (system.mayRead?.(text, path) !== false && (await system.dialect()).claims(text, path)) return system;
  const last = asked.at(-1);
  if (!last) throw new Error('no system has a dialect');
  return last;
}

/** The step that brings a policy just written into force. */
export const adviceOn = ({ system, path }: PolicyTarget, policy: Policy): string =>
  system.activation.advice({ path, policy });

/** The step that the end of a grant needs, too, in a system that reads its policy when it starts. Null where none is needed. */
export function endAdvice(target: PolicyTarget, edit: PolicyEdit, policy: Policy): string | null {
  const hasEnd = entryChanges(edit).some(({ type, until }) => type === 'add' && until !== undefined);
  const step = hasEnd ? stepAfter(target, policy) : null;
  return step && `the same holds for its end: ${step}`;
}

/** The operator's next step after a change of the file, in a few words; null where the reader or a command does it. */
export const stepAfter = (target: PolicyTarget, policy: Policy): string | null =>
  target.system.activation.type === 'restart' && target.takeUp === undefined
    ? adviceOn(target, policy).replace(/[:;].*$/s, '')
    : null;

/** Tells every problem on a line of its own; the Failure then says what follows from them. */
export function refusal(why: string, problems: readonly Problem[], code: FailureCode = 'refused'): Failure {
  for (const problem of problems) note(describeProblem(problem));
  const [first] = problems;
  return new Failure(why, 1, { code, remedy: code === 'refused' ? null : (first?.remedy ?? null) });
}
