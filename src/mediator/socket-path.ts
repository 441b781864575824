import { join } from 'node:path';

/** `$XDG_RUNTIME_DIR/egresstop/mediator.sock`, else a folder of this user's own in the temp dir. */
export function socketPath(
  env: Readonly<Record<string, string | undefined>>,
  tmp: string,
  user: number | undefined,
): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  const folder =
    runtime !== undefined && runtime.startsWith('/')
      ? join(runtime, 'egresstop')
      : join(tmp, `egresstop-${user ?? 0}`);
  return join(folder, 'mediator.sock');
}
