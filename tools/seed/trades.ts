export type Trade = {
  readonly email: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
};

const ada = { email: 'ada@example.com', account: 'Everyday investing' } as const;
const ben = { email: 'ben@example.com', account: 'Trading' } as const;
const cleo = { email: 'cleo@example.com', account: 'First steps' } as const;

/** What the demo customers did before a visitor came: purchases, a fraction, sales of a part. */
export const trades: readonly Trade[] = [
  { ...ada, symbol: 'AAPL', side: 'BUY', quantity: '12' },
  { ...ada, symbol: 'MSFT', side: 'BUY', quantity: '5' },
  { ...ada, symbol: 'AAPL', side: 'SELL', quantity: '4' },
  { ...ben, symbol: 'NVDA', side: 'BUY', quantity: '20' },
  { ...ben, symbol: 'JPM', side: 'BUY', quantity: '10' },
  { ...ben, symbol: 'NVDA', side: 'SELL', quantity: '7.5' },
  { ...cleo, symbol: 'KO', side: 'BUY', quantity: '2.5' },
];
