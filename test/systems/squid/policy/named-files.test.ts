import { expect, it } from 'vitest';
import { machine, type Machine } from '../../../commands/program.ts';

/** The JSON of `policy explain` on a host, by a squid.conf that names files of this machine. */
async function explained(here: Machine, conf: string, host: string): Promise<unknown> {
  const path = here.write('squid.conf', conf.replaceAll('DIR', here.folder));
  const { stdout } = await here.run(['policy', 'explain', host, '--policy', path, '--json']);
  return JSON.parse(stdout);
}

const CONF = 'acl good dstdomain "DIR/good.txt" api.example\nhttp_access allow good\nhttp_access deny all\n';

it('a host is judged by the names of a file that an acl names, which the ruling tells', async () => {
  const here = machine();
  const names = here.write('good.txt', '# names\n.pypi.org # packages\n');
  expect(await explained(here, CONF, 'files.pypi.org')).toMatchObject({
    verdict: 'allow',
    entry: '.pypi.org',
    line: 2,
    reason: 'line 2: http_access allow good',
  });
  expect(await explained(here, CONF, 'api.example')).toMatchObject({ verdict: 'allow', line: 1 });
  expect(await explained(here, CONF, 'evil.example')).toMatchObject({ verdict: 'deny' });
  const { stdout } = await here.run(['policy', 'check', here.path('squid.conf')]);
  expect(stdout).toContain(`${names}: names of the acl good`);
});

it('a file that cannot be read is never guessed to allow or to lack a name', async () => {
  const here = machine();
  const conf = CONF.replace('allow good', 'deny good').replace('deny all', 'allow all');
  for (const text of [CONF, conf])
    expect(await explained(here, text, 'files.pypi.org')).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('not certain') as string,
    });
});

it.each([
  ['no file', {}, 'allow'],
  ['a file that says nothing of access', { 'conf.d/debian.conf': 'logfile_rotate 0\n# acl\n' }, 'allow'],
  ['a file with a rule', { 'conf.d/a.conf': 'http_access deny all\n' }, 'deny'],
  ['a file with an include', { 'conf.d/a.conf': '  include /x\n' }, 'deny'],
  ['a file of another ending', { 'conf.d/a.txt': 'http_access deny all\n' }, 'allow'],
])('an allow behind an include of a folder with %s (%j) is ruled as %s', async (_, files, verdict) => {
  const here = machine();
  here.write('conf.d/README', '');
  for (const [name, text] of Object.entries(files)) here.write(name, text);
  const conf = 'include DIR/conf.d/*.conf\nhttp_access allow all\n';
  expect(await explained(here, conf, 'a.example')).toMatchObject({ verdict });
});

it('an include of a relative or missing path may hold anything', async () => {
  const here = machine();
  for (const include of ['conf.d/*.conf', 'DIR/missing.conf', 'DIR/[ab].conf'])
    expect(await explained(here, `include ${include}\nhttp_access allow all\n`, 'a.example')).toMatchObject({
      verdict: 'deny',
    });
});

it('a byte order mark in a file that an acl names is told, and its first name is not allowed', async () => {
  const here = machine();
  const names = here.write('good.txt', '\uFEFFa.example\nb.example\n');
  expect(await explained(here, CONF, 'a.example')).toMatchObject({ verdict: 'deny' });
  expect(await explained(here, CONF, 'b.example')).toMatchObject({ verdict: 'allow' });
  const { stdout, stderr } = await here.run(['policy', 'check', here.path('squid.conf')]);
  expect(stdout + stderr).toContain(`${names}:1:1: warning: `);
  expect(stdout + stderr).toContain('byte order mark');
});

it('a squid.conf that begins with a byte order mark is one that Squid does not start with', async () => {
  const here = machine();
  const path = here.write('squid.conf', `\uFEFF${CONF}`);
  const { code, stdout, stderr } = await here.run(['policy', 'check', path]);
  expect(code).toBe(1);
  expect(stdout + stderr).toContain(`${path}:1:1: error: the file begins with a byte order mark`);
});
