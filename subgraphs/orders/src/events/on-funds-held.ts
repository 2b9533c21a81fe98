import type { FundsHeldV1 } from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onFundsHeld = (deps: Deps) =>
  telling<FundsHeldV1>(deps, () => ({ event: 'RESERVED' }));
