/** A mediator that is always up: its program, its files and where it listens. All paths are absolute. */
export interface Service {
  /** The program and its script. */
  readonly program: readonly [string, string];
  readonly listen: string;
  readonly mode: string;
  readonly policy: string;
  readonly audit: string;
  readonly socket: string;
  readonly authority: string;
  /** The numbers of the user and the group that it runs as. */
  readonly user: { readonly uid: number; readonly gid: number };
}

/** The arguments that start it, the program first. */
export const argumentsOf = (service: Service): readonly string[] => [
  ...service.program,
  'mediator',
  '--listen',
  service.listen,
  '--mode',
  service.mode,
  '--policy',
  service.policy,
  '--audit',
  service.audit,
  '--socket',
  service.socket,
  '--ca-dir',
  service.authority,
];
