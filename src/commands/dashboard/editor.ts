import { spawn } from 'node:child_process';

/** Opens the policy in `$VISUAL`, `$EDITOR` or vi, on a lent terminal. Answers with what went wrong; null when nothing did. */
export function editorPort(
  path: string | null,
  lend: (work: () => Promise<void>) => Promise<void>,
): () => Promise<string | null> {
  return async () => {
    if (path === null) return 'no policy file is open';
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
    let why: string | null = null;
    await lend(async () => {
      why = await run(editor, path);
    });
    return why;
  };
}

/** The editor's command may carry arguments, as `code --wait`: a shell takes it apart, the path stays one word. */
function run(editor: string, path: string): Promise<string | null> {
  return new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    child.once('error', error => resolve(`${editor}: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? null : `${editor} ended with ${signal ?? `exit status ${code}`}`),
    );
  });
}
