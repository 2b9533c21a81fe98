import type { OrderCancelRefusedV1 } from '@simplebank/contracts/market';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onOrderCancelRefused = (deps: Deps) =>
  telling<OrderCancelRefusedV1>(deps, () => ({ event: 'CANCEL_REFUSED' }));
