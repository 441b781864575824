/** A value as YAML. It is written as JSON, which is valid YAML, except that a plain word has no quotes. */
export const inYaml = (value: boolean | string | readonly string[]): string =>
  typeof value === 'string' && /^[\w./~][\w./~-]*$/.test(value) && value !== '~'
    ? value
    : JSON.stringify(value);

/** The keys of an action as YAML: a single key, or a list. */
export const keysInYaml = (keys: readonly string[]): string => {
  const [first, ...others] = keys;
  return first !== undefined && others.length === 0 ? inYaml(first) : `[${keys.map(inYaml).join(', ')}]`;
};
