import type { GuardPlan } from './guards.ts';

/** The capabilities that root keeps: the powers over files and programs that installers need, and none over the machine. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETFCAP'];

/** The namespaces: a network with loopback alone, and no process but the program's own. The sandbox ends with us. */
const NAMESPACES = ['--unshare-net', '--unshare-pid', '--unshare-ipc', '--die-with-parent'];

/** The files of the machine, with processes of the program's own. */
const VIEW = ['--dev-bind', '/', '/', '--proc', '/proc'];
/** Root could reach disks and settings of the kernel through these. */
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

/** The arguments of bwrap(1) for a sandbox with the files of the machine but for what is guarded. The command follows them. */
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
  ].sort((one, other) => depth(one.folder) - depth(other.folder)); // what is deeper covers what is above
  return [
    ...NAMESPACES,
    ...(isRoot ? [...ROOT_VIEW, ...ROOT_CLOSED.flatMap(closed), ...ROOT_POWERS] : VIEW),
    ...covers.flatMap(({ args }) => args),
  ];
}

const depth = (folder: string): number => folder.split('/').length;
