import fc from 'fast-check';
import { LineSplitter } from './line-splitter';
import { RECORD_CHARACTERS_MAX, type Row } from './row';
import { CsvRows, FixedRows, JsonRows, type RowReader } from './row-reader';

function read(reader: RowReader, chunks: string[]): Row[] {
  const splitter = new LineSplitter('utf-8');
  const rows = chunks.flatMap((chunk) => reader.rows(splitter.push(chunk)));
  return [...rows, ...reader.rows(splitter.end()), ...reader.end()];
}

const csv = (text: string, columns = 3): Row[] => read(new CsvRows(',', columns), [text]);

describe('CSV rows', () => {
  it('keep the number of their line and skip blank lines', () => {
    const rows = csv('\uFEFFa,b,c\r\n\r\nd,e,f');
    expect(rows.map((row) => [row.line, row.cells])).toEqual([
      [1, ['a', 'b', 'c']],
      [3, ['d', 'e', 'f']],
    ]);
  });

  it('may hold delimiters, quotes and line ends inside quotes', () => {
    const rows = csv('1,"x, ""y""",3\n2,"over\ntwo lines",4\n5,6,7\n');
    expect(rows.map((row) => row.cells)).toEqual([
      ['1', 'x, "y"', '3'],
      ['2', 'over\ntwo lines', '4'],
      ['5', '6', '7'],
    ]);
    expect(rows.map((row) => row.line)).toEqual([1, 2, 4]);
  });

  it('are bad one by one: a wrong number of cells, a quote nobody closes', () => {
    const rows = csv('a,b\n1,2,3\n4,"5,6\n7,8,9\n');
    expect(rows.map((row) => [row.line, row.fault === undefined])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, true],
    ]);
    expect(rows[2]?.fault).toContain('never closed');
  });

  it('are bad where a line has no end', () => {
    const rows = csv(`${'x'.repeat(RECORD_CHARACTERS_MAX + 10)}\n1,2,3\n`);
    expect(rows.map((row) => row.fault === undefined)).toEqual([false, true]);
  });

  it('do not depend on how the file was cut into chunks', () => {
    const cell = fc.stringMatching(/^[a-z",\n ]{0,6}$/).map((text) => `"${text.replaceAll('"', '""')}"`);
    const plain = fc.stringMatching(/^[a-z]{1,4}$/);
    const line = fc.array(fc.oneof(cell, plain), { minLength: 2, maxLength: 2 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 6 }), (lines, cuts) => {
        const text = lines.join('\n');
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((end, i) => text.slice(places[i], end));
        const whole = read(new CsvRows(',', 2), [text]);
        expect(read(new CsvRows(',', 2), chunks)).toEqual(whole);
        expect(whole.filter((row) => row.fault !== undefined)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('other rows', () => {
  it('of fixed columns are cut by place', () => {
    const reader = new FixedRows([
      { name: 'id', first: 2, last: 3 },
      { name: 'value', first: 5, last: 9 },
    ]);
    expect(read(reader, [' 07  1.5\n']).map((row) => row.cells)).toEqual([['07', ' 1.5']]);
  });

  it('of NDJSON give the members asked for, and a reason where a line is no object', () => {
    const rows = read(new JsonRows([['a'], ['b', 'c'], ['toString']]), ['{"a":1,"b":{"c":"x"}}\n[1]\n{oops}\n']);
    expect(rows[0]?.cells).toEqual([1, 'x', undefined]);
    expect(rows[1]?.fault).toContain('object');
    expect(rows[2]?.fault).toContain('no JSON');
  });

  it('are bad where the bytes are of another encoding', () => {
    const [row] = read(new CsvRows(',', 2), ['caf\uFFFD,1\n']);
    expect(row?.fault).toContain('utf-8');
  });
});
