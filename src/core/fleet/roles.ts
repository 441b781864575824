import { tokenOf } from './counters/token.ts';

/** The subjects that a user may publish to and subscribe to. Null: all subjects. */
export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** A role within a tenant. An administrator creates the streams once. */
export type Role =
  | { readonly type: 'admin' }
  | { readonly type: 'viewer' }
  | { readonly type: 'editor' }
  | { readonly type: 'machine'; readonly machine: string; readonly group: string };

const STREAMS = ['EGRESS_SUM', 'EGRESS_LOG', 'EGRESS_ACK', 'KV_egress_policy'] as const;

/**
 * The permissions that the NATS server must give a role; null: all. A viewer cannot write, and a machine can write only its own subjects.
 */
export function rightsOf(role: Role, tenant: string): Rights | null {
  switch (role.type) {
    case 'admin':
      return null;
    case 'viewer':
      return { publish: READING, subscribe: ['_INBOX.>', `$KV.egress_policy.${tokenOf(tenant)}.>`] };
    case 'editor': {
      const policies = `$KV.egress_policy.${tokenOf(tenant)}.>`;
      return { publish: [...READING, policies], subscribe: ['_INBOX.>', policies] };
    }
    case 'machine':
      return machineRights(tokenOf(tenant), tokenOf(role.machine), tokenOf(role.group));
  }
}

/** Permission to read messages and the state of a stream. Consumers are ephemeral, so deleting them does no harm. */
const READING: readonly string[] = [
  '$JS.API.INFO',
  '$JS.FC.>',
  ...STREAMS.flatMap(stream => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    ...['CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map(action => `$JS.API.CONSUMER.${action}.${stream}.>`),
  ]),
];

function machineRights(tenant: string, machine: string, group: string): Rights {
  const own = `${tenant}.${machine}`;
  const policies = [`m.${machine}`, `g.${group}`].map(owner => `$KV.egress_policy.${tenant}.${owner}.>`);
  const read = [
    `EGRESS_SUM.egress.sum.${own}.>`,
    `EGRESS_LOG.egress.log.${own}`,
    ...policies.map(subject => `KV_egress_policy.${subject}`),
  ];
  return {
    publish: [
      `egress.log.${own}`,
      `egress.sum.${own}.>`,
      `egress.ack.${own}`,
      ...read.map(subject => `$JS.API.DIRECT.GET.${subject}`),
    ],
    subscribe: [`_IN_${machine}.>`, ...policies],
  };
}
