import { createHash } from 'node:crypto';

/** The revision of a file that is not there. */
export const NO_FILE = 'none';

/** Names a text by its content: `sha256:` and 64 hex digits. Equal texts have equal revisions. */
export const revision = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
