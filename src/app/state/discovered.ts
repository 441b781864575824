/** Files on this machine that were found and not opened. */
export interface Discovered {
  /** Policies at the documented paths of their products. */
  readonly policies: readonly { readonly system: string; readonly path: string }[];
  /** SOURCE arguments that run a program, such as `sbx:`. They are run only on request. */
  readonly askable: readonly string[];
}
