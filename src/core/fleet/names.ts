const MAX_NAME = 64;

/** Whether a tenant, machine, group or policy may be called so: 1 to 64 characters, none of them a control character, and no `*`. */
export const isName = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_NAME && name !== '*' && name.isWellFormed() && !/\p{C}/u.test(name);
