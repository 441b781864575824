/** Flags as commander reads them, as the command line spells them: `{keepTunnels: true}` is `--keep-tunnels`, `{intercept: false}` is `--no-intercept`. */
export const spellFlags = (flags: object): readonly string[] =>
  Object.entries(flags).flatMap(([name, value]: [string, unknown]) => {
    const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return [value].flat().flatMap(each => (typeof each === 'string' ? [`--${flag}=${each}`] : []));
  });
