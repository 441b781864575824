/** A mediator for a service manager: its program, files and listening address. All paths are absolute. */
export interface Service {
  /** The Node binary and the script. */
  readonly program: readonly [string, string];
  readonly listen: string;
  readonly mode: string;
  readonly policy: string;
  readonly audit: string;
  readonly socket: string;
  readonly authority: string;
  /** The ids of the user and group that it runs as. */
  readonly user: { readonly uid: number; readonly gid: number };
}

/** The command line that starts it, with the program first. */
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
