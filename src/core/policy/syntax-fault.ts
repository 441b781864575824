/** A syntax error in a policy text, described in our own words. */
export interface SyntaxFault {
  readonly offset: number;
  readonly why: string;
}

/** An error as the parser reports it: its code, or its message where the parser has no codes. */
interface ParserFault {
  readonly offset: number;
  readonly code: string;
  readonly message?: string;
}

/** Descriptions of jsonc-parser's error codes. `token` is the text at the error. */
const JSON_WORDS: Readonly<Record<string, (token: string) => string>> = {
  InvalidSymbol: token => `${token} is no value of JSON`,
  InvalidNumberFormat: token => `${token} is no number of JSON`,
  PropertyNameExpected: token => `a key in double quotes is missing before ${token}`,
  ValueExpected: token => `a value is missing before ${token}`,
  ColonExpected: token => `a colon is missing before ${token}`,
  CommaExpected: token => `a comma is missing before ${token}`,
  EndOfFileExpected: token => `${token} stands behind the end of the value`,
  InvalidCommentToken: () => 'a comment stands here, and JSON has none',
  UnexpectedEndOfComment: () => 'a comment is not closed',
  UnexpectedEndOfString: () => 'a " is not closed',
  UnexpectedEndOfNumber: token => `the number ${token} is not complete`,
  InvalidUnicode: () => 'a \\u is not followed by four hex digits',
  InvalidEscapeCharacter: () => 'a backslash stands before a character that it cannot escape',
  InvalidCharacter: () => 'a control character stands in a text',
};

/** A syntax error in JSON text, from a code of jsonc-parser. */
export function jsonFault(text: string, { offset, code }: ParserFault): SyntaxFault {
  if (beginsWithMark(text)) return { offset: 0, why: 'the file begins with a byte order mark' };
  const isAtEnd = text.slice(offset).trim() === '';
  const isOpen = code === 'CloseBraceExpected' || code === 'CloseBracketExpected' || isAtEnd;
  const opener = isOpen ? openBracket(text, JSON_SKIPPED) : null;
  if (opener !== null && code !== 'UnexpectedEndOfString') return opener;
  return { offset, why: (JSON_WORDS[code] ?? unreadable)(tokenAt(text, offset)) };
}

/** Whether the text begins with a byte order mark, which strict JSON forbids. */
export const beginsWithMark = (text: string): boolean => text.startsWith('\uFEFF');

/** The remedy for a byte order mark. */
export const WITHOUT_MARK = 'remove the byte order mark: save it as UTF-8 without one';

/** Descriptions of the yaml library's error codes. Its message tells errors with the same code apart. */
const YAML_WORDS: Readonly<Record<string, (token: string, message: string) => string>> = {
  ALIAS_PROPS: () => 'an alias has an anchor or a tag of its own',
  BAD_ALIAS: token => `${token} is no name of an anchor`,
  BAD_COLLECTION_TYPE: token => `the tag ${token} does not fit what it stands before`,
  BAD_DIRECTIVE: token => `the directive ${token} is not known`,
  BAD_DQ_ESCAPE: token => `${token.slice(0, 2)} is no escape of a text in double quotes`,
  BAD_INDENT: token => `the line of ${token} is indented like none above it`,
  BAD_PROP_ORDER: token => `${token} stands before the sign that it belongs behind`,
  BAD_SCALAR_START: token => `a text without quotes may not begin with ${token.slice(0, 1)}`,
  BLOCK_AS_IMPLICIT_KEY: token => `${token} makes a second map or list on one line`,
  BLOCK_IN_FLOW: () => 'a list or map of lines stands within brackets',
  DUPLICATE_KEY: token => `the key ${token} stands there twice`,
  KEY_OVER_1024_CHARS: () => 'a key is longer than 1024 characters',
  MISSING_CHAR: missingIn,
  MULTILINE_IMPLICIT_KEY: token => `a colon is missing behind ${token}`,
  MULTIPLE_ANCHORS: token => `${token} is a second anchor of one value`,
  MULTIPLE_DOCS: () => 'more than one document in the file',
  MULTIPLE_TAGS: token => `${token} is a second tag of one value`,
  NON_STRING_KEY: token => `the key ${token} is no text`,
  RESOURCE_EXHAUSTION: () => 'it is nested too deep',
  TAB_AS_INDENT: () => 'a tab stands where only blanks may indent',
  TAG_RESOLVE_FAILED: token => `the tag ${token} cannot be read`,
  UNEXPECTED_TOKEN: token => `${token} does not belong here`,
};

function missingIn(token: string, message: string): string {
  if (message.includes('closing')) return `a ${message.includes("'quote") ? "'" : '"'} is not closed`;
  if (message.includes('Comments')) return 'a blank is missing before a #';
  if (message.includes('Missing ,')) return `a comma is missing before ${token}`;
  if (message.includes('space after :')) return 'a blank is missing behind a colon';
  if (message.includes('map values')) return `a colon is missing behind ${token}`;
  return `a sign is missing before ${token}`;
}

/** A syntax error in YAML text, from a code and message of the yaml library. */
export function yamlFault(text: string, { offset, code, message = '' }: ParserFault): SyntaxFault {
  if (/must (?:be sufficiently indented and )?end with a [\]}]/.test(message)) {
    const opener = openBracket(text, YAML_SKIPPED);
    if (opener !== null) return opener;
  }
  if (message.includes('closing')) {
    const quote = message.includes("'quote") ? "'" : '"';
    return { offset: openQuote(text, quote) ?? offset, why: `a ${quote} is not closed` };
  }
  return { offset, why: (YAML_WORDS[code] ?? unreadable)(tokenAt(text, offset), message) };
}

/** Descriptions of toml-eslint-parser's messages: its errors have no codes. */
const TOML_WORDS: Readonly<Record<string, (token: string) => string>> = {
  'Unterminated string constant': () => 'a text is not closed',
  'Unterminated table-key': () => 'a [ is not closed',
  'Unterminated array': () => 'a [ is not closed',
  'Unterminated inline table': () => 'a { is not closed',
  'Empty bare keys are not allowed': token => `a key is missing before ${token}`,
  'Must be a newline': token => `${token} wants a line of its own`,
  'Expected equal (=) token': token => `a = is missing before ${token}`,
  'Unspecified values are invalid': () => 'a value is missing behind the =',
  'Expected comma (,) token': token => `a comma is missing before ${token}`,
  'Defining a key multiple times is invalid': token => `the key ${token} stands there twice`,
  'Unexpected character': token => `${token} does not belong here`,
  'Unexpected token': token => `${token} does not belong here`,
  'Control characters (codes < 0x1f and 0x7f) are not allowed': () => 'a control character stands here',
  'The key, equals sign, and value must be on the same line': () => 'key, = and value want one line',
  'No newlines are allowed between the curly braces unless they are valid within a value': () =>
    'a table in braces wants one line',
  'Underscores are allowed between digits': token => `an underscore of ${token} is not between digits`,
  'Unexpected spaces': () => 'a blank does not belong here',
  'Three or more quotes are not permitted': () => 'three quotes stand within a text',
  'Unexpected invalid date': token => `${token} is no date`,
  'Unexpected invalid time': token => `${token} is no time`,
  'Leading zeros are not allowed': token => `${token} begins with a zero`,
  'Trailing comma is not permitted in an inline table': () => 'a comma stands before a }',
  'Invalid character in escape sequence': () => 'a backslash stands before a character that it cannot escape',
  'Consecutive dots are not permitted in keys': () => 'a key has two dots in a row',
  'Keys cannot end with a dot': () => 'a key ends with a dot',
  'Keys cannot start with a dot': () => 'a key begins with a dot',
};

/** A syntax error in TOML text, from a message of toml-eslint-parser. */
export function tomlFault(text: string, { offset, code }: ParserFault): SyntaxFault {
  const opener = code.startsWith('Unterminated') ? openBracket(text.slice(0, offset), YAML_SKIPPED) : null;
  if (opener !== null && !code.includes('string')) return opener;
  return { offset, why: (TOML_WORDS[code] ?? unreadable)(tokenAt(text, offset)) };
}

const unreadable = (token: string): string => `the text cannot be read at ${token}`;

/** The token at an offset, shortened to fit a line. */
function tokenAt(text: string, offset: number): string {
  const [token] = /^(?:\\.|"(?:[^"\\\n]|\\.)*"|[\w.-]+|[^\s])/u.exec(text.slice(offset).trimStart()) ?? [];
  if (token === undefined) return 'the end of the text';
  return token.length > LONGEST_TOKEN ? `${token.slice(0, LONGEST_TOKEN)}…` : token;
}

const LONGEST_TOKEN = 40;

/** Strings and comments, in which brackets do not count. */
const JSON_SKIPPED = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const YAML_SKIPPED = /"(?:[^"\\]|\\[\s\S])*"|(?<![\w])'(?:[^']|'')*'|(?<!\S)#[^\n]*/y;

/** The innermost bracket that is never closed. */
function openBracket(text: string, skipped: RegExp): SyntaxFault | null {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    skipped.lastIndex = at;
    const [passed] = skipped.exec(text) ?? [''];
    if (passed !== '') at += passed.length - 1;
    else if (text[at] === '[' || text[at] === '{') open.push(at);
    else if (text[at] === ']' || text[at] === '}') open.pop();
  }
  const offset = open.at(-1);
  return offset === undefined ? null : { offset, why: `a ${text[offset]} is not closed` };
}

/** The offset of the last quote of this kind that opens a string. */
function openQuote(text: string, quote: string): number | null {
  let open: number | null = null;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) open = open === null ? at : null;
  }
  return open;
}
