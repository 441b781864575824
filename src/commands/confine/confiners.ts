/** The programs that make sandboxes: bubblewrap, and `@anthropic-ai/sandbox-runtime`. */
export const CONFINERS = ['bwrap', 'srt'] as const;

/** One of them. */
export type Confiner = (typeof CONFINERS)[number];
