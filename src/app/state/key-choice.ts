/** The keys that the operator assigned, by the action's name. Other actions keep their default keys. */
export type KeyChoice = Readonly<Record<string, readonly string[]>>;
