/**
 * The first versions of each line of nats-server that hold every security fix known when this was written. The newest is the
 * advisory 2026-16 of nats.io, on the authentication between servers.
 */
const FIRST_SAFE: readonly (readonly [major: number, minor: number, patch: number])[] = [
  [2, 11, 16],
  [2, 12, 7],
  [2, 14, 0],
];

/** The danger of exposing a server of this version to a network; null where nothing is known. */
export function versionWarning(version: string): string | null {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [major = 0, minor = 0, patch = 0] = parts.map(Number);
  const isSafe =
    parts.length > 0 &&
    (FIRST_SAFE.some(safe => safe[0] === major && safe[1] === minor && patch >= safe[2]) ||
      major > 2 ||
      (major === 2 && minor > 14));
  return isSafe
    ? null
    : `nats-server ${version} has known security holes: keep it off networks, or use 2.11.16, 2.12.7, 2.14 or newer`;
}
