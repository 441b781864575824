/** The programs that make sandboxes: bubblewrap, and `@anthropic-ai/sandbox-runtime`. */
export const CONFINERS = ['bwrap', 'srt'] as const;

/** A program that makes sandboxes. */
export type Confiner = (typeof CONFINERS)[number];
