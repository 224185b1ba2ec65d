/** As much of a message as people want to read: whom to, subject, texts. For what Rapport itself has written; no parser of anybody's mail. */

export interface ReadMessage {
  to: string;
  subject: string;
  /** Of the action that asked for it; '' = none. */
  action: string;
  text: string;
  html: string;
}

interface Part {
  headers: Map<string, string>;
  body: string;
}

export function readMessage(source: string): ReadMessage {
  const { headers, body } = partOf(source);
  const texts = { text: '', html: '' };
  takeTexts({ headers, body }, texts);
  const word = (name: string): string => decodedWords(headers.get(name) ?? '');
  return { to: word('to'), subject: word('subject'), action: word('x-rapport-action'), ...texts };
}

function partOf(source: string): Part {
  const text = source.replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { headers, body: end < 0 ? '' : text.slice(end + 2) };
}

function takeTexts(part: Part, texts: { text: string; html: string }): void {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary !== undefined) {
    const inner = part.body.split(`--${boundary}`).slice(1, -1);
    for (const one of inner) takeTexts(partOf(one.replace(/^\n|\n$/g, '')), texts);
    return;
  }
  const text = decodedBody(part);
  if (type.startsWith('text/html')) texts.html ||= text;
  else texts.text ||= text;
}

function decodedBody({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  return unquoted(body.replaceAll(/=\n/g, ''));
}

/** `=C3=AB`, several bytes to a character. */
function unquoted(text: string): string {
  return text.replaceAll(/(?:=[0-9A-F]{2})+/gi, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
}

/** RFC 2047: `=?UTF-8?Q?Thank_you?=`; the space between two of them is none. */
function decodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : unquoted(word.replaceAll('_', ' ')),
    );
}
