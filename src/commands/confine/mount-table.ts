import { join, relative } from 'node:path';

/** A mounted file system: `root` is the part of it that is visible at `point`. */
interface Mount {
  readonly device: string;
  readonly root: string;
  readonly point: string;
}

/**
 * The other paths of a folder, from the mount table (`/proc/self/mountinfo`, proc_pid_mountinfo(5)). They come from bind mounts of it or of
 * a folder above, and from further mounts of its file system. Some may be hidden by other mounts. The path must have no symbolic links.
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

/** Whether a deeper mount hides the folder. */
const isCovered = (mounts: readonly Mount[], point: string, folder: string): boolean =>
  mounts.some(other => other.point.length > point.length && isWithin(other.point, folder));

function readMount(line: string): readonly Mount[] {
  const [, , device, root, point] = line.split(' ');
  if (device === undefined || root === undefined || point === undefined) return [];
  return [{ device, root: unescaped(root), point: unescaped(point) }];
}

/** Decodes characters such as blanks, which are written as `\040`. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
