import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import type { CommitResult } from '../../../src/policy-file/edit-result.ts';
import { PolicyFile } from '../../../src/policy-file/policy-file.ts';

/** A process that adds as many entries as it is told, one commit each: `committer.ts PATH JOURNAL NAME COUNT`. */
const [path = '', journal = '', name = '', count = '0'] = process.argv.slice(2);

let i = 0;
const file = new PolicyFile({ path, journal, dialect: microagentDialect, actor: name, now: () => i });

while (i < Number(count)) {
  const edit = [{ type: 'add', list: 'allow', entry: `${name}-${i}.example` }] as const;
  const result = await file.commit(edit);
  if (result.type === 'written') i += 1;
  else if (!isRefusedForNow(result)) throw new Error(JSON.stringify(result));
}

/** Another program wrote all the time, or another process held the lock: told, not lost, and to be tried again. */
function isRefusedForNow(result: CommitResult): boolean {
  return result.type === 'failed' && result.problem.why.startsWith('another pro');
}
