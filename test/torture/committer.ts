import { microagentDialect } from '../../src/systems/microagent/dialect.ts';
import { commitEdit } from '../../src/policy-file/commit.ts';

/** A process that adds as many entries as it is told, one commit each: `committer.ts PATH JOURNAL NAME COUNT`. */
const [path = '', journal = '', name = '', count = '0'] = process.argv.slice(2);

for (let i = 0; i < Number(count); i++) {
  const edit = [{ type: 'add', list: 'allow', entry: `${name}-${i}.example` }] as const;
  const result = await commitEdit({ path, journal, dialect: microagentDialect, actor: name, now: i, edit });
  if (result.type !== 'written') throw new Error(JSON.stringify(result));
}
