import type { PositionRefusedV1 } from '@simplebank/contracts/holdings';
import type { Deps } from '../deps.ts';
import { telling } from './translate.ts';

export const onPositionRefused = (deps: Deps) =>
  telling<PositionRefusedV1>(deps, ({ code }) => ({ event: 'REFUSED', code }));
