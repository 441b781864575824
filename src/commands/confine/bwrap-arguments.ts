import type { GuardPlan } from './guards.ts';

/** The capabilities that root keeps: those over files and programs, which installers need. None gives power over the machine. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETFCAP'];

/** The namespaces: a network with loopback only, and only the program's own processes. The sandbox ends with this process. */
const NAMESPACES = ['--unshare-net', '--unshare-pid', '--unshare-ipc', '--die-with-parent'];

/** Shows the machine's files, and only the program's own processes. */
const VIEW = ['--dev-bind', '/', '/', '--proc', '/proc'];
/** Paths through which root could reach disks and settings of the kernel. */
const ROOT_CLOSED = [
  '/sys',
  '/proc/sys',
  '/proc/sysrq-trigger',
  '/proc/irq',
  '/proc/bus',
  '/proc/acpi',
  '/proc/scsi',
];
const ROOT_VIEW = [
  '--bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--dev-bind',
  '/dev/pts',
  '/dev/pts',
  '--proc',
  '/proc',
];
const closed = (path: string): readonly string[] => ['--ro-bind-try', path, path];
const ROOT_POWERS = ['--cap-drop', 'ALL', ...CAPABILITIES.flatMap(name => ['--cap-add', `CAP_${name}`])];

/** The arguments of bwrap(1) for a sandbox with the machine's files except the guarded ones. The command follows them. */
export function bwrapArguments({ guards, pins }: GuardPlan, isRoot: boolean): readonly string[] {
  const covers = [
    ...pins.map(folder => ({ folder, args: ['--bind', folder, folder] })),
    ...guards.map(({ folder, how, shown }) => ({
      folder,
      args:
        how === 'read-only'
          ? ['--ro-bind', folder, folder]
          : ['--tmpfs', folder, ...shown.flatMap(file => ['--ro-bind', file, file]), '--remount-ro', folder],
    })),
  ].sort((one, other) => depth(one.folder) - depth(other.folder)); // a deeper mount must come after the one above it
  return [
    ...NAMESPACES,
    ...(isRoot ? [...ROOT_VIEW, ...ROOT_CLOSED.flatMap(closed), ...ROOT_POWERS] : VIEW),
    ...covers.flatMap(({ args }) => args),
  ];
}

const depth = (folder: string): number => folder.split('/').length;
