import type { Person } from '../place-order/people.ts';
import type { Lane } from './requests.ts';

export const lanesOf = (people: readonly Person[]): readonly Lane[] =>
  people.map(({ door, accountId, ownedSymbol }) => ({
    ...{ accountId, ownedSymbol, authorization: door.headers['authorization'] ?? '' },
  }));

/** Assets that the loads ask for and trade in. */
export const symbols: readonly string[] = (
  'AAPL MSFT NVDA JPM XOM JNJ PG V HD CVX MRK ABBV PEP COST WMT CSCO ORCL INTC AMD QCOM ' +
  'DIS NKE MCD SBUX CAT GE BA UNH CRM ADBE TXN AMGN'
).split(' ');
