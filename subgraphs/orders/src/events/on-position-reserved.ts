import type { PositionReservedV1 } from '@simplebank/contracts/holdings';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onPositionReserved = (deps: Deps) =>
  telling<PositionReservedV1>(deps, () => ({ event: 'RESERVED' }));
