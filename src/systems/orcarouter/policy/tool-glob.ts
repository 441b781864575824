/**
 * Whether a rule's glob matches a tool, in the same letter case. A star works only next to a dot at either end: `foo.*.bar` is literal
 * (README, "Matching", 3).
 */
export function globNames(glob: string, tool: string): boolean {
  if (isEveryTool(glob)) return true;
  const [isSuffix, isPrefix] = [glob.startsWith('*.'), glob.endsWith('.*')];
  if (isSuffix && isPrefix) return glob.length > 3 && tool.includes(glob.slice(1, -1));
  if (isPrefix) return tool.startsWith(glob.slice(0, -1));
  return isSuffix ? tool.endsWith(glob.slice(1)) : tool === glob;
}

export const isEveryTool = (glob: string): boolean => glob === '' || glob === '*';

/** Whether a star in the glob is literal. */
export const hasLiteralStar = (glob: string): boolean =>
  !isEveryTool(glob) && glob.replace(/^\*\./, '').replace(/\.\*$/, '').includes('*');
