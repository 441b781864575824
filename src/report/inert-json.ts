/** JSON whose C1, bidirectional and other invisible characters are written as `\uNNNN`: the same value, and nothing a terminal obeys. */
export const inertJson = (json: string): string =>
  PLAIN.test(json)
    ? json
    : json.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, character =>
        [...Array(character.length).keys()]
          .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
      );

/** Nearly all JSON: looking for these bytes alone is much faster than looking for each of the others. */
const PLAIN = /^[\n -~]*$/;

/** A value as such JSON: on one line, or with so many blanks for each level. */
export const toJson = (value: unknown, indent = 0): string => inertJson(JSON.stringify(value, null, indent));
