import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bank, openBank } from './bank.ts';
import { limitsOf } from './limits/settings.ts';

let bank: Bank;
beforeAll(async () => {
  bank = await openBank({ limits: limitsOf() });
});
afterAll(() => bank.close());

const levels = 4;
const spreads = 60;

/** Few words that spread their last fragment thirteen million times. */
function multiplied(root: string, type: string, leaf: string): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const again = `...F${level + 1} `.repeat(spreads);
    return `fragment F${level} on ${type} { ${again} }`;
  });
  return [root, ...fragments, `fragment F${levels} on ${type} { ${leaf} }`].join(' ');
}

test('fragments that multiply within each other are looked into once, always', async () => {
  const token = await bank.mint.token('c1', { claims: { roles: ['customer'] } });
  const read = multiplied('{ mine { ...F0 } }', 'Account', 'id note');
  const { body } = await bank.query(read, { token });
  expect(body).toMatchObject({ data: { mine: [{ id: 'a1', note: null }] } });
  const plain = multiplied('{ mine { ...F0 } }', 'Account', 'id');
  expect((await bank.query(plain, { token })).body).toEqual({ data: { mine: [{ id: 'a1' }] } });
  const change = multiplied('mutation { ...F0 }', 'Mutation', 'placeOrder');
  expect((await bank.query(change, { token })).body).toEqual({ data: { placeOrder: 'placed' } });
}, 30_000);
