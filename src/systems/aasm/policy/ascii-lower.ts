/** Lower-cases only the letters A to Z, as aasm's matching does. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, letter => letter.toLowerCase());
