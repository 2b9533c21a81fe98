import { expect, test } from 'vitest';
import { isUuid } from './ids.ts';
import { namedId } from './named-id.ts';

test('a name has one id for ever, and it is a version 5 UUID', () => {
  expect(namedId('asset', 'AAPL')).toBe(namedId('asset', 'AAPL'));
  expect(isUuid(namedId('asset', 'AAPL'))).toBe(true);
  expect(namedId('asset', 'AAPL')).toMatch(/^.{14}5.{4}[89ab]/);
});

test('other names and other kinds have other ids', () => {
  const ids = [namedId('asset', 'A'), namedId('asset', 'B'), namedId('account', 'A')];
  expect(new Set(ids).size).toBe(3);
});
