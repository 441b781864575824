const LENIENT = 'its parser is lenient by default, and it writes the request anew in one reading';
const OWN_HOST = 'it writes Host anew from the URL, as the RFC says of one that differs';
const BOTH_FRAMES = 'it takes the coding, drops the length, and writes one length of its own';
const UNCOUNTED = 'it does not count forwards';

/** Why Squid and the proxy of sandbox-runtime do otherwise, by rule. A rule that is not here is kept. */
export const PEER_DIFFERENCES: Readonly<Record<'squid' | 'srt', Readonly<Record<string, string>>>> = {
  squid: {
    'a bare LF ends no line': LENIENT,
    'a CR alone is no line end': 'it puts a space in its place, which the RFC permits too',
    'white space before the first field is refused': 'it skips the line, which the RFC permits too',
    'a request line has single spaces': LENIENT,
    'a request line has no tab': LENIENT,
    'a version is HTTP/1 and a digit': 'it takes the line for HTTP/0.9, version and all for the path',
    'a request without Host is refused': OWN_HOST,
    'two Host fields are refused': OWN_HOST,
    'a Host that is none is refused': OWN_HOST,
    'Host does not say where a request goes': OWN_HOST,
    'OPTIONS without a path asks for the server (*)': 'it asks for the root in its place',
    'a folded value is refused': 'it unfolds the value, which the RFC permits too',
    'a folded Transfer-Encoding is refused': 'it unfolds the value, which the RFC permits too',
    'a length beside a coding is refused': BOTH_FRAMES,
    'a coding beside a length is refused': BOTH_FRAMES,
    'HTTP/1.0 has no codings': BOTH_FRAMES,
    'a coding with a vertical tab is unknown':
      'it takes the tab for white space, and writes a length of its own',
    'trailers of a request pass': 'it gathers the body, sends it with a length, and drops the trailers',
  },
  srt: {
    'a request line has single spaces': 'it has the parser of Node, as we do',
    'two Host fields are refused': OWN_HOST,
    'a Host that is none is refused': OWN_HOST,
    'Host does not say where a request goes': OWN_HOST,
    'OPTIONS without a path asks for the server (*)': 'it asks for the root in its place',
    'HTTP/1.0 has no codings': 'it takes the coding and passes it on',
    'TRACE with Max-Forwards: 0 is answered here': UNCOUNTED,
    'OPTIONS with Max-Forwards: 0 is answered here': UNCOUNTED,
    'Max-Forwards of OPTIONS is counted down': UNCOUNTED,
    'a proxy adds Via': 'it adds none, as we do',
    'an unknown method passes': 'it has the parser of Node, as we do',
    'an interim answer passes': 'it waits for the answer and drops what comes before',
    'trailers of a request pass': 'it drops them',
    'a length among the trailers is dropped': 'it has the parser of Node, as we do',
  },
};
