import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Investor, newInvestor } from './people.ts';
import { rowCounts } from './rows.ts';
import { startWholeBank, type WholeBank } from './whole-bank.ts';

let bank: WholeBank;
let ina: Investor;

beforeAll(async () => {
  bank = await startWholeBank();
  ina = await newInvestor(bank.web, '500.00');
});
afterAll(() => bank?.close());

const text = `query Preview($input: PreviewOrderInput!) {
  previewOrder(input: $input) {
    __typename
    ... on PreviewOrderSuccess {
      preview {
        availableAfter { amount currency }
        hold { amount }
        account { number balances { available { amount } } }
        asset { symbol type }
        symbol
      }
    }
    ... on PreviewOrderRefusal { code }
  }
}`;

async function preview(input: object) {
  const response = await fetch(ina.door.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ina.door.headers },
    body: JSON.stringify({ query: text, variables: { input } }),
  });
  return response.json();
}

const aBuy = (limitPrice: string) => ({
  accountId: ina.accountId,
  assetId: 'AAPL',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '10',
  limitPrice,
});

test.each([
  ['10.00', '100.10', '399.90'],
  ['100.00', '1001.00', '-501.00'],
])('a preview at %s joins its hold with what accounts says is available', async (...row) => {
  const [limitPrice, hold, availableAfter] = row;
  const before = await rowCounts(bank);
  expect(await preview(aBuy(limitPrice))).toEqual({
    data: {
      previewOrder: {
        __typename: 'PreviewOrderSuccess',
        preview: {
          availableAfter: { amount: availableAfter, currency: 'USD' },
          hold: { amount: hold },
          account: { number: expect.any(String), balances: { available: { amount: '500.00' } } },
          asset: { symbol: 'AAPL', type: 'STOCK' },
          symbol: 'AAPL',
        },
      },
    },
  });
  expect(await rowCounts(bank)).toEqual(before);
});

test('a sale holds no money, so nothing changes what is available', async () => {
  const sale = { ...aBuy('10.00'), side: 'SELL' };
  expect(await preview(sale)).toMatchObject({
    data: { previewOrder: { preview: { availableAfter: { amount: '500.00' } } } },
  });
});
