import { join, relative } from 'node:path';

/** One mounted file system: which part of it (`root`) shows where (`point`). */
interface Mount {
  readonly device: string;
  readonly root: string;
  readonly point: string;
}

/**
 * The other paths of a folder, by the table of mounts (`/proc/self/mountinfo`, proc_pid_mountinfo(5)). They come from bind mounts of it or
 * of a folder above it, and from mounts of the same file system. Some may be covered by other mounts. The path has no symbolic link in it.
 */
export function aliasesOf(mountinfo: string, folder: string): readonly string[] {
  const mounts = mountinfo.split('\n').flatMap(readMount);
  const own = mounts.findLast(({ point }) => isWithin(point, folder) && !isCovered(mounts, point, folder));
  if (!own) return [];
  const inside = join(own.root, relative(own.point, folder));
  const paths = mounts
    .filter(({ device, root }) => device === own.device && isWithin(root, inside))
    .map(({ root, point }) => join(point, relative(root, inside)));
  return [...new Set(paths)].filter(path => path !== folder);
}

/** Whether the path is the folder or below it. */
export const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** Whether a deeper mount stands between the mount and the folder. */
const isCovered = (mounts: readonly Mount[], point: string, folder: string): boolean =>
  mounts.some(other => other.point.length > point.length && isWithin(other.point, folder));

function readMount(line: string): readonly Mount[] {
  const [, , device, root, point] = line.split(' ');
  if (device === undefined || root === undefined || point === undefined) return [];
  return [{ device, root: unescaped(root), point: unescaped(point) }];
}

/** Blanks and the like stand as `\040`. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
