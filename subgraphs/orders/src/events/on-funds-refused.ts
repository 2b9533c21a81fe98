import type { FundsRefusedV1 } from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onFundsRefused = (deps: Deps) =>
  telling<FundsRefusedV1>(deps, ({ code }) => ({ event: 'REFUSED', code }));
