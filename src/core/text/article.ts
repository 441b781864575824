/** The name with its indefinite article: `an egresstop`, `a zeph`. */
export const withArticle = (name: string): string => `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
