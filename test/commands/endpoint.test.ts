import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endpointServer, json } from '../sources/endpoint/endpoint-server.ts';
import { fixturePath, machine } from './program.ts';

const RECORDS: readonly unknown[] = readFileSync(fixturePath('orcarouter-events.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as unknown);

it('report and log read an endpoint as they read the saved events', async () => {
  const server = await endpointServer(json({ items: RECORDS.toReversed(), total: RECORDS.length }));
  const on = machine();
  for (const verb of [
    ['report', '--json'],
    ['log', '--decisions'],
  ])
    expect((await on.run([...verb, server.url])).stdout).toBe(
      (await on.run([...verb, fixturePath('orcarouter-events.jsonl')])).stdout,
    );
});

it('an endpoint that refuses makes the command fail, with its remedy and without the token', async () => {
  const server = await endpointServer(json({}, 403));
  const { env, run } = machine();
  Object.assign(env, { ORCAROUTER_TOKEN: 'top-secret' });
  const { code, output, stderr } = await run(['report', `${server.url}?key=hidden`]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    '/firewall/events?key=…: error: does not let this token read events (403) (ask for the role that may (in OrcaRouter: Developer))',
  );
  expect(output.toString()).not.toMatch(/top-secret|hidden/);
  expect(server.asked).toEqual([{ path: '/firewall/events?key=hidden', token: 'Bearer top-secret' }]);
});
