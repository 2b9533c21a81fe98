import { expect, test } from 'vitest';
import { lineCutter, lineKeeper } from '../log-lines.ts';
import { processNames } from '../processes.ts';
import { readable } from './log.ts';

const line = (fields: object) =>
  JSON.stringify({ '@timestamp': '2026-11-21T10:20:30.456Z', levelname: 'INFO', ...fields });

test('lines that come in pieces are whole, and what is no JSON is a line too', () => {
  const keeper = lineKeeper();
  const cutter = lineCutter((text) => keeper.add(text, { name: 'web', index: 0 }));
  const text = line({ message: 'hello' });
  cutter.push(text.slice(0, 10));
  cutter.push(`${text.slice(10)}\nSegmentation`);
  cutter.push(' fault');
  cutter.end();
  expect(keeper.lines().map(({ message }) => message)).toEqual(['hello', 'Segmentation fault']);
});

test('each process has a colour of its own, and a line says who, when, how bad and what', () => {
  const told = processNames.map((name) => readable(line({ message: 'well' }), { name, index: 0 }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal are these
  const colours = told.map((text) => /^\u001b\[(\d+)m/.exec(text)?.[1]);
  expect(new Set(colours.slice(0, 12)).size).toBe(12);
  expect(told[0]).toContain('10:20:30.456 INFO  well');
  expect(readable(line({ message: 'two' }), { name: 'web', index: 1 })).toContain('web.1');
});
