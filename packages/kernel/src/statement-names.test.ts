import { expect, test } from 'vitest';
import { statementNames } from './statement-names.ts';

test('equal texts have one name, and two texts under one title have two', () => {
  const nameOf = statementNames();
  const one = nameOf({ sql: '\n    /* orders.lock */ SELECT 1' });
  expect(one).toMatch(/^orders\.lock/);
  expect(nameOf({ sql: '\n    /* orders.lock */ SELECT 1' })).toBe(one);
  const other = nameOf({ sql: '/* orders.lock */ SELECT 2' });
  expect(other).toMatch(/^orders\.lock/);
  expect(other).not.toBe(one);
});

test('a statement that nobody named, or one too many, stays without a name', () => {
  const nameOf = statementNames();
  expect(nameOf({ sql: 'SELECT 1 /* orders.lock */' })).toBe('');
  const names = Array.from({ length: 600 }, (_, n) => nameOf({ sql: `/* a.b */ SELECT ${n}` }));
  expect(new Set(names.slice(0, 500)).size).toBe(500);
  expect(new Set(names.slice(500))).toEqual(new Set(['']));
  expect(nameOf({ sql: '/* a.b */ SELECT 0' })).toBe(names[0]);
});
