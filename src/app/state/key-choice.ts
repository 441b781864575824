/** The keys that the operator gave to actions, by the action's name. Every other action keeps its own. */
export type KeyChoice = Readonly<Record<string, readonly string[]>>;
