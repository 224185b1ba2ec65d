import fc from 'fast-check';
import { findJsonFault } from './json-fault';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findJsonFault', () => {
  it.each([
    ['', 0],
    ['   ', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a":1,}', 7],
    ['{"a":1]', 6],
    ['[}', 1],
    ['01', 1],
    ['"a', 2],
    ['"\\x"', 1],
    ['"a\nb"', 2],
    ['nul', 0],
    ['1 1', 2],
    ['[[[', 3],
    ['-', 0],
    ['1.', 1],
  ])('finds the fault of %j at %i', (text, offset) => {
    expect(findJsonFault(text)?.offset).toBe(offset);
  });

  it('finds one exactly where JSON.parse does', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      'a',
      '"b"',
      '1',
      '-',
      '0.5',
      'e3',
      'true',
      'null',
      ' ',
      '\\',
      '\\u00e9',
      '\n',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(findJsonFault(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds none in any JSON, and one in every text that was cut', () => {
    fc.assert(
      fc.property(fc.object(), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        expect(findJsonFault(text)).toBeUndefined();
        expect(findJsonFault(text.slice(0, cut % text.length))).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it('bears any depth', () => {
    expect(findJsonFault('['.repeat(1_000_000))?.offset).toBe(1_000_000);
  });
});
