import { writeFile } from 'node:fs/promises';
import { errorCode } from '../../core/file-error.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { note } from '../output.ts';
import { systemNamed } from '../../reading/selection.ts';
import { SYSTEMS } from '../../systems/index.ts';
import type { System } from '../../systems/system.ts';

export interface InitOptions {
  readonly system?: string;
  readonly template: 'empty' | 'ssrf';
}

/** Makes a policy file that is not there yet, in the form of its system. A file that is there is never touched. */
export async function initPolicy(file: string, { system: name, template }: InitOptions): Promise<number> {
  const system = name === undefined ? await systemFor(file) : systemNamed(name);
  const text = (await system.dialect()).template?.(template, file) ?? null;
  if (text === null) throw misuse(`${system.name} has no template ${template} for such a file: ${file}`);
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const why = errorCode(error) === 'EEXIST' ? 'is there already; nothing was written' : String(error);
    throw new Failure(`${file}: ${why}`);
  }
  note(`made ${file}, a ${system.name} policy`);
  return 0;
}

/** The first system that has a form for such a file. */
async function systemFor(file: string): Promise<System> {
  for (const system of SYSTEMS) if ((await system.dialect()).template?.('empty', file)) return system;
  throw misuse(`no system keeps its policy in such a file: ${file} (name one with --system)`);
}
