/** Cases that the tests of the command change in one place each. */
export const aFill = {
  quantity: '100',
  price: '50.00',
  sec: '0.11',
  taf: '0.02',
  commission: '5.00',
};
export const anOrder = {
  ...{ id: 'mine', plan: 'standard', side: 'SELL', tradeDate: '2026-07-15' },
  ...{ fills: [aFill], total: '5.13' },
};

export const halves = [
  { asset: 'A', percentage: '50.00' },
  { asset: 'B', percentage: '50.00' },
];
export const investment = { id: 'mine', amount: '9.99', currency: 'USD', targets: halves };

export const aWithdrawal = {
  ...{ id: 'out', kind: 'WITHDRAWAL', amount: '30.00', targets: halves, driftTolerance: '1e-9' },
  values: [
    { asset: 'A', value: '70.00' },
    { asset: 'C', value: '30.00' },
  ],
  sells: [
    { asset: 'A', amount: '16.15' },
    { asset: 'C', amount: '13.85' },
  ],
  ...{ driftBefore: '0.5', driftAfter: '0.5' },
};
