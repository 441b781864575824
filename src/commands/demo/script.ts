/** The names of the demo's origins. They resolve to loopback: nothing leaves this machine. */
export const DEMO_HOSTS = [
  'api.models.example',
  'files.packages.example',
  'mirror.packages.example',
  'docs.library.example',
  'registry.mods.example',
  'pinned.vendor.example',
  'api.search.example',
  'telemetry.vendor.example',
  'paste.share.example',
  'api.modells.example',
  'drop.s3.amazonaws.com',
] as const;

/** The demo's policy, which allows some of the agent's requests. */
export const DEMO_POLICY = `# The demo's policy: change what you like, it is thrown away.
allow:
  - api.models.example        # the model
  - .packages.example         # downloads
  - docs.library.example
  - pinned.vendor.example     # its client pins the certificate: p makes it work
passthrough: []
`;

/** A request of the scripted agent. */
export interface ScriptedRequest {
  readonly agent: string;
  readonly tool: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** Whether the client trusts only the origin's authority, as pinning does. */
  readonly isPinned?: true;
  /** How often a denied request is repeated at once. */
  readonly retries?: number;
}

/** The agent's requests. The first is denied, so that the cursor stays on a denied host. */
export const SCRIPT: readonly ScriptedRequest[] = [
  {
    agent: 'researcher',
    tool: 'fetch',
    url: 'https://api.search.example/search?q=how+to+reach+the+metadata+service',
  },
  { agent: 'researcher', tool: 'llm', url: 'https://api.models.example/v1/messages', method: 'POST' },
  { agent: 'researcher', tool: 'fetch', url: 'https://docs.library.example/guide/egress?session=c2VjcmV0' },
  { agent: 'builder', tool: 'bash', url: 'https://files.packages.example/big/toolchain.tar' },
  { agent: 'builder', tool: 'bash', url: 'https://registry.mods.example/index', retries: 3 },
  { agent: 'researcher', tool: 'llm', url: 'https://api.models.example/v1/messages', method: 'POST' },
  {
    agent: 'builder',
    tool: 'bash',
    url: 'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  },
  { agent: 'crawler', tool: 'fetch', url: 'https://pinned.vendor.example/v2/status', isPinned: true },
  { agent: 'researcher', tool: 'fetch', url: 'https://docs.library.example/missing/page' },
  {
    agent: 'builder',
    tool: 'bash',
    url: 'https://telemetry.vendor.example/collect',
    method: 'POST',
    retries: 1,
  },
  { agent: 'builder', tool: 'bash', url: 'https://mirror.packages.example/pool/main/index' },
  { agent: 'crawler', tool: 'fetch', url: 'https://paste.share.example/raw/Zx81', method: 'POST' },
  { agent: 'researcher', tool: 'llm', url: 'https://api.models.example/v1/messages', method: 'POST' },
  { agent: 'builder', tool: 'bash', url: 'http://10.0.0.8:8080/internal' },
];

/** Further requests for a demo with questions: a look-alike, and a name that anyone can register. */
const DOUBTFUL: readonly ScriptedRequest[] = [
  { agent: 'crawler', tool: 'fetch', url: 'https://api.modells.example/v1/keys' },
  { agent: 'builder', tool: 'bash', url: 'https://drop.s3.amazonaws.com/upload', method: 'POST' },
];

const AGENTS = ['researcher', 'builder', 'crawler'];

/** The hosts that agents knew before the demo: all in the script except one, which is new to its agent. */
export const PAST: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  AGENTS.map(name => [
    name,
    new Set(
      SCRIPT.filter(({ agent }) => agent === name)
        .map(({ url }) => new URL(url).hostname)
        .filter(host => host !== 'paste.share.example'),
    ),
  ]),
);

/** The scripts of several agents that run at the same time. An agent that waits for an answer does not delay the others. */
export const SCRIPTS_BY_AGENT: readonly (readonly ScriptedRequest[])[] = AGENTS.map(name =>
  [...DOUBTFUL, ...SCRIPT].filter(({ agent }) => agent === name),
);
