import { fileURLToPath } from 'node:url';

/** The server behind a host of the matrix, by the first label of its name: files (no label), or a server of its own. */
export const SERVERS = ['', 'grpc.', 'mtls.', 'ssh.', 'ws.'] as const;

/** A client of the matrix: a line of a POSIX shell that asks `$HOST` through the variables of `run`, and must print `plain answer`. */
export interface MatrixClient {
  readonly name: string;
  /** Which server it asks; files where it is left out. */
  readonly server?: (typeof SERVERS)[number];
  /** Why it cannot be intercepted, and what it then prints; it can be where this is left out. */
  readonly notIntercepted?: { readonly why: string; readonly prints: RegExp };
  /** Exits with 0 where the client is there, and makes it ready. */
  readonly isThere: string;
  readonly command: string;
}

const PLAIN = 'https://$HOST/plain';
const python = (lines: readonly string[]): string => `/usr/bin/python3 -c '${lines.join('\n')}' ${PLAIN}`;
const hasModule = (name: string): string => `/usr/bin/python3 -c 'import ${name}'`;
const curl = (name: string, flags: string): MatrixClient => ({
  name,
  isThere: 'command -v curl',
  command: `curl -sS ${flags} ${PLAIN}`,
});

const NODE_CLIENT = fileURLToPath(new URL('node-client.ts', import.meta.url));
const GO_CLIENT = fileURLToPath(new URL('client.go', import.meta.url));
const JAVA_CLIENT = fileURLToPath(new URL('Client.java', import.meta.url));
const node = (name: string, client: string, server: MatrixClient['server'] = ''): MatrixClient => ({
  name,
  server,
  isThere: 'true',
  command: `"$NODE" ${NODE_CLIENT} ${client} $HOST`,
});

/** Every client, in the order of the table. */
export const CLIENTS: readonly MatrixClient[] = [
  curl('curl, HTTP/1.1', '--http1.1'),
  curl('curl, HTTP/2', '--http2'),
  curl('curl, TLS 1.2', '--tls-max 1.2'),
  curl('curl, TLS 1.3', '--tlsv1.3'),
  curl('curl, SOCKS5', '-x "$(printf %s "$https_proxy" | sed s/^http:/socks5h:/)"'),
  { name: 'Wget', isThere: 'command -v wget', command: `wget -q -O- ${PLAIN}` },
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
    command: `/usr/lib/apt/apt-helper -o Acquire::https::CAInfo="$SSL_CERT_FILE" -o APT::Sandbox::User=root download-file ${PLAIN} apt.out >/dev/null && cat apt.out && rm apt.out`,
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
    command: `"$NODE" -e 'fetch(process.argv[1]).then(a => a.text()).then(t => process.stdout.write(t))' ${PLAIN}`,
  },
  {
    name: 'Node https',
    isThere: 'true',
    command: `"$NODE" -e 'require("https").get(process.argv[1], a => a.pipe(process.stdout))' ${PLAIN}`,
  },
  node('undici ProxyAgent', 'undici-proxy-agent'),
  node('undici EnvHttpProxyAgent', 'undici-env-agent'),
  node('axios', 'axios'),
  node('ws (with https-proxy-agent)', 'ws', 'ws.'),
  node('@grpc/grpc-js: unary, streams, errors, deadline', 'grpc', 'grpc.'),
  {
    name: 'Go net/http',
    isThere: `command -v go && GO111MODULE=off CGO_ENABLED=0 GOCACHE="$GO_CACHE" go build -o go-client ${GO_CLIENT}`,
    command: `./go-client ${PLAIN}`,
  },
  {
    name: 'Java HttpClient (with its own proxy and roots)',
    isThere: `command -v javac && javac -J-XX:TieredStopAtLevel=1 -d . ${JAVA_CLIENT}`,
    command: `java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djdk.http.auth.tunneling.disabledSchemes= Client ${PLAIN}`,
  },
  {
    name: 'curl, client certificate',
    server: 'mtls.',
    notIntercepted: {
      why: 'the key of the client stays with the client: list the host as passthrough',
      prints: /error|alert|502/,
    },
    isThere: 'command -v curl',
    command: `curl -sSf --cert client.pem --key client.key ${PLAIN}`,
  },
  {
    name: 'ssh (through socat, OpenSSH server)',
    server: 'ssh.',
    notIntercepted: {
      why: 'it is neither TLS nor HTTP: list the host as passthrough',
      prints: /closed|reset/i,
    },
    isThere: 'command -v ssh && command -v socat && test -x /usr/sbin/sshd',
    command: [
      'place="${https_proxy#http://}"',
      'at="${place#*@}"',
      'ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -i ssh-user' +
        ' -o ProxyCommand="socat - PROXY:${at%:*}:%h:%p,proxyport=${at#*:},proxyauth=${place%%@*}"' +
        ' "$(id -un)@$HOST" echo plain answer',
    ].join('\n'),
  },
];
