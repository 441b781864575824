import { basename, dirname, join } from 'node:path';

/**
 * A hidden file of ours beside `target`, as `.policy.yaml.egresstop-lock`. Its name never ends like a policy's, so that nobody who
 * reads a folder of policies takes it for one.
 */
export const besides = (target: string, purpose: string): string =>
  join(dirname(target), `${prefixOf(target)}${purpose}`);

/** The first letters of the names of all our files beside `target`. */
export const prefixOf = (target: string): string => `.${basename(target)}.egresstop-`;
