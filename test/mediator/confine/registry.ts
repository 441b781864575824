import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';

/** The commit at the tip of the repository. */
export const COMMIT = '0123456789012345678901234567890123456789';

const WHEEL = `
import sys, zipfile
info = "tiny-1.0.dist-info/"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("tiny.py", "print('tiny runs')\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "")
`;

/** An origin that is a registry of npm, an index of pip and a repository of git at once: each has one thing, called `tiny`. */
export function registryIn(folder: string, host: string): RequestListener {
  mkdirSync(join(folder, 'package'), { recursive: true });
  writeFileSync(join(folder, 'package', 'package.json'), '{"name":"tiny","version":"1.0.0"}');
  writeFileSync(join(folder, 'package', 'index.js'), 'console.log("tiny runs")');
  execFileSync('tar', ['-czf', join(folder, 'tiny-1.0.0.tgz'), '-C', folder, 'package']);
  const wheel = 'tiny-1.0-py3-none-any.whl';
  execFileSync('python3', ['-c', WHEEL, join(folder, wheel)]);
  const metadata = {
    name: 'tiny',
    'dist-tags': { latest: '1.0.0' },
    versions: {
      '1.0.0': { name: 'tiny', version: '1.0.0', dist: { tarball: `https://${host}/tiny-1.0.0.tgz` } },
    },
  };
  const files: Readonly<Record<string, () => string | Buffer>> = {
    '/tiny': () => JSON.stringify(metadata),
    '/tiny-1.0.0.tgz': () => readFileSync(join(folder, 'tiny-1.0.0.tgz')),
    '/simple/tiny/': () => `<!doctype html><a href="/${wheel}">${wheel}</a>`,
    [`/${wheel}`]: () => readFileSync(join(folder, wheel)),
    '/tiny.git/info/refs': () => `${COMMIT}\trefs/heads/main\n`,
    '/plain': () => 'plain answer\n',
  };
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const file = files[path];
    response.statusCode = file ? 200 : 404;
    response.setHeader('content-type', path.startsWith('/simple') ? 'text/html' : 'application/octet-stream');
    request.resume().on('end', () => response.end(file?.() ?? 'nothing here\n'));
  };
}
