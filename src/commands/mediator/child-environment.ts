import { spellName } from '../../mediator/caller.ts';

/** The settings by which a program goes through the mediator and trusts it. */
export interface MediatedAccess {
  /** Where the mediator listens, as `127.0.0.1:8877`. */
  readonly address: string;
  readonly agent: string;
  /** Empty where it is not known. */
  readonly tool: string;
  /** The mediator's authority alone, for variables that add to a program's roots. */
  readonly certificate: string;
  /** The authority and the usual roots, for variables that replace a program's roots. */
  readonly bundle: string;
  /** A start-up file for Wget that names the bundle. */
  readonly wgetrc: string;
  readonly socket: string;
  /** Whether `ALL_PROXY` names the proxy as SOCKS5. */
  readonly isSocks: boolean;
}

/** Variables that hold the proxy's URL: both cases, for programs read one or the other (curl reads `http_proxy` in lower case only). */
const PROXY = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
/** For protocols other than HTTP, where a program knows it. */
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

/** The variables to set for a program. Nothing is exempt from the proxy: `NO_PROXY` is emptied, also for loopback. */
export function childEnvironment(access: MediatedAccess): Readonly<Record<string, string>> {
  const credentials = [access.agent, access.tool]
    .map(name => encodeURIComponent(spellName(name || '-')))
    .join(':');
  const place = `${credentials}@${access.address}`;
  // Python's httpx refuses to start where a SOCKS URL stands and its own SOCKS package is missing: so SOCKS is there for those who ask.
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
    GIT_HTTP_PROXY_AUTHMETHOD: 'basic', // else git sends the name of its agent only when it is asked to
    WGETRC: access.wgetrc,
    EGRESSTOP_SOCKET: access.socket,
  };
}
