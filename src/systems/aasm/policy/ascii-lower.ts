/** The letters A to Z alone made small: aasm's matching knows no other case. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase());
