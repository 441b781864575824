import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry, EntryChange, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import { describeProblem, isError } from '../../core/problem.ts';
import type { TakeUp, TakeUpEnd } from '../../core/policy/take-up.ts';
import { copyOf, isCopy, readRules } from './policy/read-rules.ts';

/** The longest wait for `sbx`, in ms. It asks its daemon, which may have to start first. */
const ANSWER_MS = 30_000;
/** The largest answer that is read, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The text that `sbx` printed, or why there is no usable one. */
type Answer = { readonly text: string } | { readonly why: string };

function sbx(args: readonly string[]): Promise<Answer> {
  return new Promise(resolve => {
    const options = { timeout: ANSWER_MS, maxBuffer: MAX_BYTES, encoding: 'utf8' } as const;
    const child = execFile('sbx', args, options, (error, out, err) => {
      if (!error) return resolve({ text: out });
      const said = `${err}\n${out}`.trim().split('\n')[0] ?? '';
      const isMissing = error.code === ('ENOENT' as unknown); // the types declare only exit codes
      resolve({ why: isMissing ? 'sbx is not installed: put it on the PATH' : said || error.message });
    });
    child.stdin?.end(); // a question on the terminal cannot be answered here
  });
}

/** The entries that `sbx` has for all sandboxes now. */
async function held(): Promise<{ readonly entries: readonly Entry[] } | { readonly why: string }> {
  const answer = await sbx(['policy', 'ls', '--json']);
  if ('why' in answer) return { why: `sbx policy ls: ${answer.why}` };
  const { entries, problems } = readRules(answer.text, 'sbx policy ls --json', null);
  const broken = problems.find(isError);
  return broken ? { why: describeProblem(broken) } : { entries };
}

/** Writes the entries of `sbx` into a file of the folder. An up-to-date file is not changed. */
export async function copyHeld(
  folder: string,
): Promise<{ readonly path: string } | { readonly why: string }> {
  const found = await held();
  if ('why' in found) return found;
  const path = join(folder, 'sbx-policy.json');
  await writeCopy(path, found.entries);
  return { path };
}

async function writeCopy(path: string, entries: readonly Entry[]): Promise<void> {
  const text = copyOf(entries);
  const before = await readFile(path, 'utf8').catch(() => null); // the file does not exist yet
  if (before === text) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, path);
}

/** The step that brings an edit of the copy to `sbx`; null for any other file. */
export async function takeUpCopy(path: string): Promise<TakeUp | null> {
  const text = await readFile(path, 'utf8').catch(() => null); // a missing file is no copy
  return text === null || !isCopy(text)
    ? null
    : { shown: 'sbx policy allow|deny|rm network', run: edit => bring(path, edit) };
}

/**
 * Brings an edit to `sbx`, removals first. `rm --resource` removes a name from all rules, so entries of the copy with that name are added
 * again. Then the copy is written anew from the answer of `sbx`.
 */
async function bring(path: string, edit: PolicyEdit): Promise<TakeUpEnd> {
  const wanted = readRules(await readFile(path, 'utf8'), path, null).entries;
  const failure = await changeHeld(entryChanges(edit), wanted);
  const now = await held();
  if ('why' in now) return { type: 'failed', why: failure ?? now.why };
  await writeCopy(path, now.entries);
  if (failure !== null) return { type: 'failed', why: failure };
  const open = entryChanges(edit).find(change => names(now.entries, change) !== (change.type === 'add'));
  if (!open)
    return { type: 'ended', by: 'sbx policy ls', said: 'in force at once: sbx policy ls shows the change' };
  const why = open.type === 'add' ? 'does not list as active' : 'still lists';
  return {
    type: 'failed',
    why: `sbx ${why} ${open.entry} (${open.list}): an organisation may rule in its place`,
  };
}

/** Runs the commands. Returns why the first one failed, or null. */
async function changeHeld(edit: readonly EntryChange[], wanted: readonly Entry[]): Promise<string | null> {
  const removed = edit.filter(({ type }) => type === 'remove').map(({ entry }) => entry);
  for (const entry of new Set(removed)) {
    const answer = await sbx(['policy', 'rm', 'network', '--resource', entry]);
    if ('why' in answer) return answer.why;
  }
  const added = edit.filter(({ type }) => type === 'add');
  const again = wanted
    .filter(({ text }) => removed.some(entry => isSame(entry, text)))
    .map(({ list, text }) => ({ list, entry: text }));
  const missing = new Map(
    [...added, ...again].map(({ list, entry }) => [`${list} ${entry}`, { list, entry }]),
  );
  for (const { list, entry } of missing.values()) {
    const answer = await sbx(['policy', list, 'network', entry]);
    if ('why' in answer) return answer.why;
  }
  return null;
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const names = (entries: readonly Entry[], { list, entry }: EntryChange): boolean =>
  entries.some(known => known.list === list && isSame(known.text, entry));
