import type { StatementReadyV1 } from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { tells } from './occasion.ts';

export const onStatementReady = (deps: Deps) =>
  tells<StatementReadyV1>(deps, ({ accountId, month, closing, currency }) => ({
    template: 'STATEMENT_READY',
    accountId,
    facts: { month, closing, currency },
  }));
