/** The URL with the value of its query and fragment, and any user name and password, replaced: those carry the secrets. The path stays. */
export function redactUrl(url: string): string {
  const cut = url.search(/[?#]/);
  const shown = cut === -1 ? url : `${url.slice(0, cut)}${url[cut]}…`;
  return shown.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/\\]*@/i, '$1…@');
}

/** The URL up to its query: what a text line shows as a destination. */
export const withoutQuery = (url: string): string => redactUrl(url).replace(/[?#]…$/, '');

/** A text that may quote URLs, as an error does, with each of them redacted. */
export const redactUrlsIn = (text: string): string =>
  text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>`]+/gi, url => redactUrl(url));
