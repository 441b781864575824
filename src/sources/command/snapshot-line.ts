/** The JSON document that a program printed as one line, or null where it printed none. */
export function snapshotLine(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}
