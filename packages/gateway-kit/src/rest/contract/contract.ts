import type { RestRoute } from '../rest.ts';
import { customers, profile } from './customers.ts';
import { holdings } from './holdings.ts';
import { orders } from './orders.ts';
import { prices } from './prices.ts';
import { sellShares } from './sell-shares.ts';
import { createStrategy, getStrategy } from './strategies.ts';
import { getStrategyOrder, orderStrategy } from './strategy-orders.ts';

/** The REST contract of the bank, word for word; `GET /health` and `GET /ping` are every door's. */
export const contract: readonly RestRoute[] = [
  createStrategy,
  getStrategy,
  orderStrategy,
  getStrategyOrder,
  holdings,
  prices,
  customers,
  orders,
  sellShares,
  profile,
];
