export function uuidText(id: Buffer): string {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const ID_BYTES = 16;
const TEXT_LENGTH = 36;
/** Where the text of each byte begins. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DASHES = [8, 13, 18, 23];
const DASH = 45;
/** What a hexadecimal digit is worth, by its character code; -1 = none. */
const WORTH = new Int8Array(256).fill(-1);
for (const [digit, letter] of [...'0123456789abcdef'].entries()) WORTH[letter.charCodeAt(0)] = digit;
for (const [digit, letter] of [...'ABCDEF'].entries()) WORTH[letter.charCodeAt(0)] = digit + 10;

/** 16 bytes; undefined where it is no UUID. By hand, for this is done for every event that is read: three times as fast as a pattern and Buffer.from. */
export function uuidBytes(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || text.length !== TEXT_LENGTH) return undefined;
  for (const place of DASHES) if (text.charCodeAt(place) !== DASH) return undefined;
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  for (let i = 0; i < ID_BYTES; i++) {
    const place = PLACES[i] as number;
    const high = WORTH[text.charCodeAt(place)] ?? -1;
    const low = WORTH[text.charCodeAt(place + 1)] ?? -1;
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}
