/** A value as YAML has it. JSON is YAML; a plain word needs no quotes. */
export const inYaml = (value: boolean | string | readonly string[]): string =>
  typeof value === 'string' && /^[\w./~][\w./~-]*$/.test(value) && value !== '~'
    ? value
    : JSON.stringify(value);

/** Keys of an action as YAML: one alone, or a list. */
export const keysInYaml = (keys: readonly string[]): string => {
  const [first, ...others] = keys;
  return first !== undefined && others.length === 0 ? inYaml(first) : `[${keys.map(inYaml).join(', ')}]`;
};
