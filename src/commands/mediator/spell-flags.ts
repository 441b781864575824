/** Flags that exist only as `--no-…`: commander says true where they were not given. */
const ON_UNLESS_SAID = new Set(['intercept']);

/** Flags as commander reads them, as the command line spells them: `{keepTunnels: true}` is `--keep-tunnels`, `{intercept: false}` is `--no-intercept`. */
export const spellFlags = (flags: object): readonly string[] =>
  Object.entries(flags).flatMap(([name, value]: [string, unknown]) => {
    const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    if (value === true) return ON_UNLESS_SAID.has(name) ? [] : [`--${flag}`];
    if (value === false) return [`--no-${flag}`];
    return [value].flat().flatMap(each => (typeof each === 'string' ? [`--${flag}=${each}`] : []));
  });
