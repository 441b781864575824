import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { randomFrom } from './random.ts';
import { WRITERS, type ZephShape } from './zeph-shapes.ts';

export interface ZephLog {
  readonly path: string;
  readonly shape: ZephShape;
  readonly records: number;
  /** Distinct hosts. */
  readonly hosts: number;
}

const BLOCK = 5_000;

/** Writes a log as zeph writes it, in the forms of test/fixtures/zeph-audit.jsonl. Whole or not at all. */
export async function writeZephLog({ path, shape, records, hosts }: ZephLog): Promise<void> {
  const random = randomFrom(records ^ hosts);
  const file = createWriteStream(`${path}.part`);
  for (let written = 0; written < records; written += BLOCK) {
    const lines: string[] = [];
    const wanted = Math.min(BLOCK, records - written);
    while (lines.length < wanted)
      lines.push(
        ...WRITERS[shape]({ index: written + lines.length, hosts, random }).slice(0, wanted - lines.length),
      );
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  await rename(`${path}.part`, path);
}
