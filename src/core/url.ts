/** The URL with its query, fragment, user name and password replaced, because those hold secrets. The path stays. */
export function redactUrl(url: string): string {
  const cut = url.search(/[?#]/);
  const shown = cut === -1 ? url : `${url.slice(0, cut)}${url[cut]}…`;
  return shown.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/\\]*@/i, '$1…@');
}

/** The redacted URL up to its query, as a text line shows a destination. */
export const withoutQuery = (url: string): string => redactUrl(url).replace(/[?#]…$/, '');

/** A text such as an error message, with each URL in it redacted. */
export const redactUrlsIn = (text: string): string =>
  text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>`]+/gi, url => redactUrl(url));
