import { expect, it } from 'vitest';
import { machine } from '../../../commands/program.ts';
import { awf } from '../../../../src/systems/awf/index.ts';
import { squid } from '../../../../src/systems/squid/index.ts';
import type { Places, System } from '../../../../src/systems/system.ts';

const found = async (system: System, places: Partial<Places>): Promise<readonly string[]> => {
  const nowhere = { home: null, cwd: '/nonexistent', tmp: '/nonexistent', env: {}, stateDir: null };
  return (await system.discover({ ...nowhere, ...places })).map(({ source }) => source);
};

it('the access log of this machine’s Squid is discovered where packages keep it', async () => {
  const here = machine();
  expect(await found(squid, { daemonLogs: here.path('log') })).toEqual([]);
  const log = here.write('log/squid/access.log', '');
  expect(await found(squid, { daemonLogs: here.path('log') })).toEqual([log]);
});

it('one log of each running firewall is discovered, the records before the text', async () => {
  const here = machine();
  const [audit, , access] = [
    here.write('tmp/awf-17/audit/audit.jsonl', ''),
    here.write('tmp/awf-17/squid-logs/access.log', ''),
    here.write('tmp/awf-18/squid-logs/access.log', ''),
    here.write('tmp/squid-logs-16/access.log', ''),
  ];
  expect(new Set(await found(awf, { tmp: here.path('tmp') }))).toEqual(new Set([audit, access]));
});

it('the last run that ended is discovered where none is running', async () => {
  const here = machine();
  here.write('tmp/squid-logs-9/access.log', '');
  const last = here.write('tmp/squid-logs-10/access.log', '');
  expect(await found(awf, { tmp: here.path('tmp') })).toEqual([last]);
});

it('the folders of the environment are looked into', async () => {
  const here = machine();
  const log = here.write('logs/access.log', '');
  expect(await found(awf, { env: { AWF_LOGS_DIR: here.path('logs') } })).toEqual([log]);
});

it('a report without sources counts the discovered log', async () => {
  const here = machine();
  here.write(
    'daemons/squid/access.log',
    '1795075202.444 1 172.19.0.6 TCP_DENIED/403 4032 CONNECT evil.example:443 - HIER_NONE/- text/html\n',
  );
  const { stdout } = await here.run(['report', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ events: 1, verdicts: { deny: 1 } });
});
