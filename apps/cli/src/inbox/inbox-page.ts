/** The inbox as pages: a list, and one message. No script, nothing from elsewhere; a message's own HTML stands in a frame that may do nothing. */
import type { InboxMessage } from './inbox-files';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}' +
  'table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #ddd}' +
  'pre{white-space:pre-wrap;background:#f6f6f4;padding:1rem}iframe{width:100%;height:18rem;border:1px solid #ddd}a{color:#0645ad}';

export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action *";

export function listPage(messages: readonly InboxMessage[]): string {
  const rows = [...messages].reverse().map(({ name, at, to, subject, channel }) => {
    const link = `<a href="/${name}">${escaped(subject || channel)}</a>`;
    return `<tr><td>${when(at)}</td><td>${escaped(to)}</td><td>${link}</td></tr>`;
  });
  const table = `<table><tr><th>arrived (UTC)</th><th>to</th><th>subject</th></tr>${rows.join('')}</table>`;
  return page(
    'Inbox',
    `<p>${messages.length} messages, newest first. Nothing of this has left the machine.</p>${table}`,
  );
}

export function messagePage(message: InboxMessage): string {
  const { at, to, subject, text, html, action } = message;
  // Links open beside the inbox.
  const frame = `<base target="_blank">${html}`;
  const shown =
    html === '' ? '' : `<h2>As HTML</h2><iframe sandbox="allow-popups" srcdoc="${escaped(frame)}"></iframe>`;
  return page(
    subject || message.channel,
    `<p><a href="/">Inbox</a></p><p>To ${escaped(to)}, ${when(at)} UTC, action ${escaped(action)}</p>${shown}` +
      `<h2>As text</h2><pre>${withLinks(escaped(text))}</pre>`,
  );
}

const when = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

const withLinks = (text: string): string =>
  text.replaceAll(/https?:\/\/[^\s<"]+/g, (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`);

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>` +
  `<body><h1>${escaped(title)}</h1>${body}</body></html>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
