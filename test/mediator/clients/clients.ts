/** A client of the matrix: a line of a POSIX shell that asks `$HOST` through the variables of `run`, and must print `plain answer`. */
export interface MatrixClient {
  readonly name: string;
  /** Exits with 0 where the client is there. */
  readonly isThere: string;
  readonly command: string;
}

const URL = 'https://$HOST/plain';
const python = (lines: readonly string[]): string => `/usr/bin/python3 -c '${lines.join('\n')}' ${URL}`;
const hasModule = (name: string): string => `/usr/bin/python3 -c 'import ${name}'`;
const curl = (name: string, flags: string): MatrixClient => ({
  name,
  isThere: 'command -v curl',
  command: `curl -sS ${flags} ${URL}`,
});

/** Every client, in the order of the table. */
export const CLIENTS: readonly MatrixClient[] = [
  curl('curl, HTTP/1.1', '--http1.1'),
  curl('curl, HTTP/2', '--http2'),
  curl('curl, TLS 1.2', '--tls-max 1.2'),
  curl('curl, TLS 1.3', '--tlsv1.3'),
  curl('curl, SOCKS5', '-x "$(printf %s "$https_proxy" | sed s/^http:/socks5h:/)"'),
  { name: 'Wget', isThere: 'command -v wget', command: `wget -q -O- ${URL}` },
  {
    name: 'git',
    isThere: 'command -v git',
    command: 'git ls-remote https://$HOST/tiny.git refs/heads/main | sed "s/.*main/plain answer/"',
  },
  {
    name: 'npm',
    isThere: 'command -v npm',
    command: 'npm view --registry https://$HOST/ tiny version | sed "s/1.0.0/plain answer/"',
  },
  {
    name: 'pip',
    isThere: 'python3 -m pip --version',
    command:
      'python3 -m pip -q download --no-cache-dir --disable-pip-version-check --no-deps -d . -i https://$HOST/simple/ tiny && ls tiny*.whl | sed "s/.*/plain answer/" && rm tiny*.whl',
  },
  {
    name: 'apt (with its own `Acquire::https::CAInfo`)',
    isThere: 'test -x /usr/lib/apt/apt-helper',
    command: `/usr/lib/apt/apt-helper -o Acquire::https::CAInfo="$SSL_CERT_FILE" -o APT::Sandbox::User=root download-file ${URL} apt.out >/dev/null && cat apt.out && rm apt.out`,
  },
  {
    name: 'Python urllib',
    isThere: 'test -x /usr/bin/python3',
    command: python([
      'import sys, urllib.request as r',
      'print(r.urlopen(sys.argv[1]).read().decode(), end="")',
    ]),
  },
  {
    name: 'Python requests',
    isThere: hasModule('requests'),
    command: python(['import sys, requests', 'print(requests.get(sys.argv[1]).text, end="")']),
  },
  {
    name: 'Python httpx',
    isThere: hasModule('httpx'),
    command: python(['import sys, httpx', 'print(httpx.get(sys.argv[1]).text, end="")']),
  },
  {
    name: 'Python aiohttp (with `trust_env`)',
    isThere: hasModule('aiohttp'),
    command: python([
      'import sys, asyncio, aiohttp',
      'async def main():',
      '    async with aiohttp.ClientSession(trust_env=True) as s, s.get(sys.argv[1]) as a: print(await a.text(), end="")',
      'asyncio.run(main())',
    ]),
  },
  {
    name: 'Node fetch',
    isThere: 'true',
    command: `"$NODE" -e 'fetch(process.argv[1]).then(a => a.text()).then(t => process.stdout.write(t))' ${URL}`,
  },
  {
    name: 'Node https',
    isThere: 'true',
    command: `"$NODE" -e 'require("https").get(process.argv[1], a => a.pipe(process.stdout))' ${URL}`,
  },
];
