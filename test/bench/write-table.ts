import { readFileSync, writeFileSync } from 'node:fs';

const [START, END] = ['<!-- bench -->', '<!-- /bench -->'];

/** Puts a table between the markers of a Markdown file and leaves the rest of it as it is. Throws where the markers are missing. */
export function writeTable(path: string, table: string): void {
  const [head, rest] = readFileSync(path, 'utf8').split(START);
  const tail = rest?.split(END)[1];
  if (tail === undefined) throw new Error(`${path} has no ${START} … ${END}`);
  writeFileSync(path, `${head}${START}\n${table}\n${END}${tail}`);
}
