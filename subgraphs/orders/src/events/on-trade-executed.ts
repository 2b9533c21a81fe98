import type { TradeExecutedV1 } from '@simplebank/contracts/market';
import { Decimal } from '@simplebank/kernel/decimal';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onTradeExecuted = (deps: Deps) =>
  telling<TradeExecutedV1>(deps, ({ executionId, quantity, price, executedAt }) => ({
    event: 'EXECUTED',
    executionId,
    quantity: new Decimal(quantity),
    price: new Decimal(price),
    executedAt: new Date(executedAt),
  }));
