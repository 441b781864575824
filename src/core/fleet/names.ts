const MAX_NAME = 64;

/** Whether a text is valid as the name of a tenant, machine, group or policy: 1 to 64 characters without control characters and `*`. */
export const isName = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_NAME && name !== '*' && name.isWellFormed() && !/\p{C}/u.test(name);
