/** Files that were found on this machine and are not read as logs. */
export interface Discovered {
  /** Policies at the documented places of their products. */
  readonly policies: readonly { readonly system: string; readonly path: string }[];
  /** SOURCE arguments that run a program of this machine, such as `sbx:`. They are run only when named. */
  readonly askable: readonly string[];
}
