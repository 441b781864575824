import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from './program.ts';

const SAMPLE = readFileSync(fixturePath('orcarouter.json'), 'utf8');

/** The documents' example: inside addresses are denied, one build cache by name is not, and what is approved goes through. */
const SSRF = JSON.stringify({
  name: 'ssrf',
  default_verdict: 'audit',
  rules: [
    {
      verdict: 'deny',
      stage: 'egress',
      label: 'deny inside',
      egress_json: JSON.stringify({
        deny: ['169.254.0.0/16', '10.0.0.0/8'],
        allow: ['build-cache.corp.example', '10.0.0.5'],
      }),
    },
  ],
});

it('explains the SSRF rule and its exceptions', async () => {
  const on = machine();
  const policy = on.write('ssrf.json', SSRF);
  const explained = async (host: string): Promise<string> =>
    (await on.run(['policy', 'explain', host, '--policy', policy])).stdout;
  expect(await explained('169.254.169.254')).toMatch(
    /^169\.254\.169\.254: deny, egress to 169\.254\.169\.254 denied\n.*169\.254\.0\.0\/16/,
  );
  expect(await explained('[::ffff:10.1.2.3]:8443')).toContain(': deny, ');
  for (const host of ['build-cache.corp.example', '10.0.0.5', 'docs.rs'])
    expect(await explained(host)).toContain(`${host}: allow, `);
});

it('picks one of several policies by its name behind the path', async () => {
  const on = machine();
  const policy = on.write('p.json', SAMPLE);
  const explained = async (name: string): Promise<string> =>
    (await on.run(['policy', 'explain', 'nowhere.example', '--policy', `${policy}${name}`])).stdout;
  expect(await explained('')).toContain('nowhere.example: deny, ');
  expect(await explained('')).toMatch(/^ {2}note: of the file's \d+ policies, the policy "[^"]+" rules/m);
  expect(await explained('#research-shadow')).toContain(
    'would-deny, [shadow] would deny — egress to nowhere.example denied',
  );
  expect((await on.run(['policy', 'check', `${policy}#nobody`])).stdout).toContain(
    'no policy named "nobody" stands in this file',
  );
});

it('a policy is added to, exported and undone byte for byte', async () => {
  const on = machine();
  const policy = on.write('p.json', SAMPLE);
  const allowed = await on.run(['policy', 'allow', '10.0.0.5', '--yes', '--policy', policy]);
  expect(allowed.stderr).toContain(
    'not in OrcaRouter until it is imported in the console: PUT the policy "prod-agents"',
  );
  expect(readFileSync(policy, 'utf8')).not.toBe(SAMPLE);
  const exported = await on.run(['policy', 'export', '--policy', `${policy}#prod-agents`]);
  expect(JSON.parse(exported.stdout)).toMatchObject({
    name: 'prod-agents',
    rules: [{ id: 11 }, { id: 12 }, { id: 13 }, { id: 14 }],
  });
  await on.run(['policy', 'undo', '--policy', policy]);
  expect(readFileSync(policy, 'utf8')).toBe(SAMPLE);
});

it('an undo in one policy of a file leaves the edits of another alone', async () => {
  const on = machine();
  const policy = on.write('p.json', SAMPLE);
  await on.run(['policy', 'remove', 'docs.rs', '--policy', `${policy}#prod-agents`]);
  const edited = readFileSync(policy, 'utf8');
  const undone = await on.run(['policy', 'undo', '--policy', `${policy}#research-shadow`]);
  expect([undone.code, readFileSync(policy, 'utf8')]).toEqual([1, edited]);
  await on.run(['policy', 'allow', 'api.github.com', '--policy', policy]);
  await on.run(['policy', 'undo', '--policy', `${policy}#prod-agents`]);
  expect(readFileSync(policy, 'utf8')).toBe(SAMPLE);
});

it('what OrcaRouter would refuse is explained and neither edited nor exported', async () => {
  const on = machine();
  const policy = on.write(
    'p.json',
    '{"default_verdict":"allow","rules":[{"verdict":"deny","stage":"egress","egress_json":"{"}]}',
  );
  expect((await on.run(['policy', 'explain', 'a.example', '--policy', policy])).stdout).toContain(
    'a.example: deny, ',
  );
  for (const verb of [
    ['check', policy],
    ['allow', 'a.example', '--policy', policy],
    ['export', '--policy', policy],
  ])
    expect((await on.run(['policy', ...verb])).code).toBe(1);
});

it('another system’s policy has no parts and nothing to export', async () => {
  const on = machine();
  const policy = on.write('p.yaml', 'allow: [a.example]\n');
  expect((await on.run(['policy', 'check', `${policy}#one`])).code).toBe(2);
  expect((await on.run(['policy', 'export', '--policy', policy])).code).toBe(2);
});
