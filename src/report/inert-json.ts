/**
 * JSON text in which C1, bidirectional and invisible characters are escaped as `\uNNNN`. The value is the same, and a terminal obeys none
 * of it.
 */
export const inertJson = (json: string): string =>
  PLAIN.test(json)
    ? json
    : json.replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, character =>
        [...Array(character.length).keys()]
          .map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
      );

/** Matches nearly all JSON. This test is much faster than searching for the characters to escape. */
const PLAIN = /^[\n -~]*$/;

/** A value as JSON text that is safe for a terminal: on one line, or indented by `indent` blanks a level. */
export const toJson = (value: unknown, indent = 0): string => inertJson(JSON.stringify(value, null, indent));
