/** Known to whoever reads this file: it opens the demo bank only, which listens on loopback. */
export const demoPassword = 'try-the-demo-bank';

export const staff = { email: 'staff@example.com', name: 'Sam Staff' } as const;

export type Person = {
  readonly email: string;
  readonly name: string;
  readonly accounts: readonly { readonly name: string; readonly deposit: string }[];
};

export const people: readonly Person[] = [
  {
    email: 'ada@example.com',
    name: 'Ada Saver',
    accounts: [
      { name: 'Everyday investing', deposit: '25000.00' },
      { name: 'For the house', deposit: '8000.00' },
    ],
  },
  {
    email: 'ben@example.com',
    name: 'Ben Trader',
    accounts: [{ name: 'Trading', deposit: '50000.00' }],
  },
  {
    email: 'cleo@example.com',
    name: 'Cleo Starter',
    accounts: [{ name: 'First steps', deposit: '1500.00' }],
  },
];
