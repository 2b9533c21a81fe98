import type { OrderFailedV1 } from '@simplebank/contracts/market';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onOrderFailed = (deps: Deps) =>
  telling<OrderFailedV1>(deps, ({ executions, code }) => ({
    event: 'VENUE_FAILED',
    executions,
    code,
  }));
