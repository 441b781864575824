import { spellName } from '../../mediator/caller.ts';

/** The data for the environment of a program that uses and trusts the mediator. */
export interface MediatedAccess {
  /** The mediator's address, such as `127.0.0.1:8877`. */
  readonly address: string;
  readonly agent: string;
  /** Empty if unknown. */
  readonly tool: string;
  /** The path of the mediator's certificate alone, for variables that add to a program's roots. */
  readonly certificate: string;
  /** The path of that certificate with the usual roots, for variables that replace a program's roots. */
  readonly bundle: string;
  /** The path of a configuration file for Wget that names the bundle. */
  readonly wgetrc: string;
  readonly socket: string;
  /** Whether `ALL_PROXY` gets the scheme of SOCKS5. */
  readonly isSocks: boolean;
}

/** Variables for the proxy's URL, in both cases: some programs read only one of them (curl reads `http_proxy` only in lower case). */
const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
/** Variables for protocols other than HTTP. */
const ANY_PROXY = ['ALL_PROXY', 'all_proxy'];
/** OpenSSL, Requests, pip, curl, git, AWS, Cargo, Nix, gRPC, gcloud, Hex, npm, Yarn. */
const BUNDLE = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'AWS_CA_BUNDLE',
  'CARGO_HTTP_CAINFO',
  'NIX_SSL_CERT_FILE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
  'HEX_CACERTS_PATH',
  'npm_config_cafile',
  'YARN_HTTPS_CA_FILE_PATH',
];

/** The variables for a program. Nothing is exempt from the proxy: `NO_PROXY` is empty, also for loopback. */
export function childEnvironment(access: MediatedAccess): Readonly<Record<string, string>> {
  const credentials = [access.agent, access.tool]
    .map(name => encodeURIComponent(spellName(name || '-')))
    .join(':');
  const place = `${credentials}@${access.address}`;
  // Python's httpx refuses to start with a SOCKS URL if its SOCKS package is missing, so SOCKS must be asked for.
  const anyProxy = `${access.isSocks ? 'socks5h' : 'http'}://${place}`;
  return {
    ...Object.fromEntries(PROXY.map(name => [name, `http://${place}`])),
    ...Object.fromEntries(ANY_PROXY.map(name => [name, anyProxy])),
    NO_PROXY: '',
    no_proxy: '',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: access.certificate,
    DENO_CERT: access.certificate,
    DENO_TLS_CA_STORE: 'system,mozilla',
    ...Object.fromEntries(BUNDLE.map(name => [name, access.bundle])),
    GIT_HTTP_PROXY_AUTHMETHOD: 'basic', // otherwise git sends the agent's name only when challenged
    WGETRC: access.wgetrc,
    EGRESSTOP_SOCKET: access.socket,
  };
}
