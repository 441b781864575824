import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machine, type Machine } from '../../commands/program.ts';

const USER = `default_permissions = "work"

[features]
network_proxy = true

[permissions.work.network]
enabled = true

[permissions.work.network.domains]
"user.example" = "allow"
"both.example" = "allow"
"evil.example" = "deny"
`;
const PROJECT = `[permissions.work.network.domains]
"project.example" = "allow"
"both.example" = "deny"
"evil.example" = "allow"
`;

/** A machine with a configuration of the user and one of the project. */
function withLayers(): { here: Machine; user: string; project: string } {
  const here = machine();
  const user = here.write('home/.codex/config.toml', USER);
  return { here, user, project: here.write('work/.codex/config.toml', PROJECT) };
}

const explained = (here: Machine, host: string, policy: string) =>
  here.run(['policy', 'explain', host, '--policy', policy, '--check']);

it.each([
  ['user.example', 0],
  ['project.example', 0],
  ['both.example', 1],
  ['evil.example', 0],
  ['other.example', 1],
])(
  'the domains of the user and of the project are one policy: %s exits with %i, whichever file is named',
  async (host, code) => {
    const { here, user, project } = withLayers();
    expect((await explained(here, host, user)).code).toBe(code);
    expect((await explained(here, host, project)).code).toBe(code);
  },
);

it('explain names the file and the line that decide, and every file that is merged', async () => {
  const { here, user, project } = withLayers();
  const { stdout } = await explained(here, 'project.example', user);
  expect(stdout).toMatch(new RegExp(`${project}.*line 2|line 2.*${project}`));
  expect(stdout).toContain(`${user}: configuration of the user, the file that is judged`);
  expect(stdout).toContain(
    `${project}: configuration of the project, if Codex trusts it, merged with it: 3 domains`,
  );
});

it('what switches the profiles off is told at the file that does it', async () => {
  const { here, user } = withLayers();
  const system = here.write('etc/codex/config.toml', 'sandbox_mode = "workspace-write"\n');
  const { stdout, stderr } = await here.run(['policy', 'check', user]);
  expect(stdout + stderr).toContain(`${system}:1`);
  const { stdout: ruled } = await explained(here, 'user.example', user);
  expect(ruled).toContain(`sandbox_mode of ${system} (line 1) switches permission profiles off`);
});

it('an organisation’s file stands above all others', async () => {
  const { here, user } = withLayers();
  here.write(
    'etc/codex/managed_config.toml',
    '[permissions.work.network.domains]\n"user.example" = "deny"\n',
  );
  expect((await explained(here, 'user.example', user)).code).toBe(1);
});

it('an edit changes the named file alone', async () => {
  const { here, user, project } = withLayers();
  expect((await here.run(['policy', 'allow', 'new.example', '--policy', project])).code).toBe(0);
  expect(readFileSync(project, 'utf8')).toContain('"new.example" = "allow"');
  expect(readFileSync(user, 'utf8')).toBe(USER);
});
