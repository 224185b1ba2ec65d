/** The fields of a form, as browsers send it (URL-encoded) and as mail providers may (RFC 8058 prefers multipart). Files are not taken. */

/** The last value of a name that is repeated. */
export type FormFields = { readonly [name: string]: string | undefined };

export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

const BOUNDARY = /;[ \t]{0,8}boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i;
const NAME = /^content-disposition:[ \t]{0,8}form-data;[^\r\n]{0,200}?\bname="([^"\r\n]{0,100})"/im;
const HEAD_END = '\r\n\r\n';

export function formFields(contentType: string, body: unknown): FormFields {
  if (!Buffer.isBuffer(body)) return {};
  const text = body.toString('utf8');
  const found = BOUNDARY.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  const fields = boundary === undefined ? new URLSearchParams(text) : parts(text, boundary);
  // Not by assignment: a field may be called "__proto__".
  return Object.fromEntries(fields);
}

function parts(text: string, boundary: string): [name: string, value: string][] {
  return `\r\n${text}`.split(`\r\n--${boundary}`).flatMap((part): [string, string][] => {
    const end = part.indexOf(HEAD_END);
    const name = end < 0 ? undefined : NAME.exec(part.slice(0, end))?.[1];
    return name === undefined ? [] : [[name, part.slice(end + HEAD_END.length)]];
  });
}
