import { isUtf8 } from 'node:buffer';
import { findJsonFault } from './json-fault';
import { Problem } from './problem';

const BOM_FIRST_BYTE = 0xef;
const BOM_BYTES = 3;

/** The parsed body of a request. Throws a problem that says where the text breaks. */
export function parseJsonBody(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new Problem(
      'malformedJson',
      'There is no body. Send a JSON text with the header Content-Type: application/json.',
    );
  }
  const text = body.toString('utf8', startsWithBom(body) ? BOM_BYTES : 0);
  try {
    const value: unknown = JSON.parse(text);
    // A byte that is no UTF-8 was replaced on the way; only a text that holds the replacement can be concerned.
    if (text.includes('\ufffd') && !isUtf8(body)) throw notUtf8();
    return value;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw isUtf8(body) ? brokenAt(text) : notUtf8();
  }
}

/** For calls whose body may be left out. */
export function parseOptionalJsonBody(body: unknown): unknown {
  return body === undefined || body === null || (Buffer.isBuffer(body) && body.length === 0) ? {} : parseJsonBody(body);
}

const startsWithBom = (body: Buffer): boolean => body[0] === BOM_FIRST_BYTE && body[1] === 0xbb && body[2] === 0xbf;

const notUtf8 = (): Problem => new Problem('malformedJson', 'The body is not in UTF-8. Send JSON in UTF-8.');

function brokenAt(text: string): Problem {
  const fault = findJsonFault(text);
  if (fault === undefined) return new Problem('malformedJson', 'The body cannot be read as JSON.');
  const detail = `Line ${fault.line}, column ${fault.column} (offset ${fault.offset}): ${fault.problem}`;
  return new Problem('malformedJson', detail, {
    errors: [{ pointer: '#', detail, code: 'syntax' }],
    members: { offset: fault.offset },
  });
}
