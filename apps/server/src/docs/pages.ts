/** The pages under /docs. Everything they load comes from this server; the policy below lets the browser load nothing else. */
import { PROBLEMS } from '../http/problem';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="page"><noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`;

export const START_SCRIPT = `window.addEventListener('load', () => {
  window.SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null });
});
`;

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const PROBLEMS_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Problems of the Rapport API</title><link rel="icon" href="data:,"></head>
<body>
<h1>Problems</h1>
<p>Every error is a problem document (RFC 9457) with the media type application/problem+json. <code>code</code> is stable.</p>
<dl>
${Object.entries(PROBLEMS)
  .map(
    ([code, { status, title, help }]) =>
      `<dt id="${code}"><strong>${code}</strong> (${status}): ${escape(title)}</dt><dd>${escape(help)}</dd>`,
  )
  .join('\n')}
</dl>
</body>
</html>
`;
