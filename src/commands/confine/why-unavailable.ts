/** The facts of a machine on which no sandbox could be made. */
export interface SandboxFacts {
  /** Node's names. */
  readonly platform: string;
  readonly processor: string;
  /** The error output of `bwrap`; null if it was not found or not run. */
  readonly bwrapSaid: string | null;
  /** Reads a kernel setting by its path below `/proc/sys`; null for a missing one. */
  readonly setting: (name: string) => string | null;
  readonly isContainer: boolean;
}

/** Why `--confine` does not work here, and the remedy. */
interface Unavailable {
  readonly why: string;
  readonly remedy: string;
}

const PROCESSORS: ReadonlySet<string> = new Set(['x64', 'arm64']);

/** Finds out why no sandbox can be made. Runs nothing. */
export function whyUnavailable(facts: SandboxFacts): Unavailable {
  const { platform, processor, bwrapSaid } = facts;
  if (platform !== 'linux')
    return {
      why: `--confine needs the namespaces of Linux; this is ${platform}`,
      remedy: 'use --confine=srt',
    };
  if (!PROCESSORS.has(processor))
    return {
      why: `--confine knows no system calls of ${processor}`,
      remedy: 'run the command in a container or a virtual machine whose only way out is the mediator',
    };
  if (bwrapSaid === null)
    return {
      why: '--confine needs the program bwrap',
      remedy:
        'install bubblewrap: apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap or apk add bubblewrap',
    };
  const said = bwrapSaid.trim().split('\n').at(-1) ?? '';
  return {
    why: `--confine can make no sandbox: ${said || 'bwrap failed without a word'}`,
    remedy: remedyFor(facts),
  };
}

function remedyFor({ setting, isContainer }: SandboxFacts): string {
  if (setting('user/max_user_namespaces') === '0')
    return 'user namespaces are switched off: sysctl -w user.max_user_namespaces=15000';
  if (setting('kernel/unprivileged_userns_clone') === '0')
    return 'only root may make user namespaces: sysctl -w kernel.unprivileged_userns_clone=1';
  if (isContainer)
    return 'this container forbids namespaces: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1')
    return 'AppArmor keeps bwrap from user namespaces, as on Ubuntu 24.04: apt install apparmor-profiles, copy /usr/share/apparmor/extra-profiles/bwrap-userns-restrict to /etc/apparmor.d, and load it with apparmor_parser -r';
  return 'see what fails: bwrap --dev-bind / / --unshare-net --unshare-pid --proc /proc true';
}
