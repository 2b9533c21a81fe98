import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test.each([
  [['a', 'b'], 'a,b\r\n'],
  [['a,b', 'say "no"', 'two\nlines'], '"a,b","say ""no""","two\nlines"\r\n'],
  [[null, ''], ',\r\n'],
  [['=1+1', '+1', '@SUM(A1)', '\tx'], "'=1+1,'+1,'@SUM(A1),'\tx\r\n"],
  [['-12.50', '-x', '12'], "-12.50,'-x,12\r\n"],
])('%j is written %j', (row, text) => {
  expect(csvOf([row])).toBe(text);
});

test('what is written can be read back, whatever it holds, and begins no formula', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', '=', '-', '1', '.') });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
      (rows) => {
        const back = parse(csvOf(rows));
        expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length));
        for (const [y, row] of rows.entries()) {
          for (const [x, value] of row.entries()) {
            const read = back[y]?.[x] ?? '';
            expect([value, `'${value}`]).toContain(read);
            expect(/^[=+@\t\r]/.test(read)).toBe(false);
            expect(/^-/.test(read) && !/^-\d+(\.\d+)?$/.test(read)).toBe(false);
          }
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

/** RFC 4180, read letter by letter: independent of how it was written. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ',') {
      rows.at(-1)?.push(field);
      field = '';
    } else if (!quoted && letter === '\r' && text[at + 1] === '\n') {
      rows.at(-1)?.push(field);
      field = '';
      rows.push([]);
      at += 1;
    } else field += letter ?? '';
  }
  return rows.slice(0, -1);
}
