const GRANT = /#\s*egresstop: until (\S+)/;

/** The comment behind a grant, without the comment's mark. */
export const grantComment = (until: number): string =>
  `egresstop: until ${new Date(until).toISOString().replace('.000Z', 'Z')}`;

/** The end of a grant in unix ms, from the comment behind the entry that ends at `offset`. Null without such a comment. */
export function grantEnd(text: string, offset: number): number | null {
  const stop = text.indexOf('\n', offset);
  const behind = text.slice(offset, stop === -1 ? undefined : stop);
  const at = Date.parse(GRANT.exec(behind)?.[1] ?? '');
  return Number.isNaN(at) ? null : at;
}
