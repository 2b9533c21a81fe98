import type { ElectionRefusalCode } from '../domain/election.ts';

const messages: Readonly<Record<ElectionRefusalCode, string>> = {
  NOT_ACTIVE: 'The strategy is archived.',
  ACCOUNT_STATUS: 'The state of the account does not allow it.',
  IDEMPOTENCY_KEY_REUSED: 'This key was used with another input.',
};

export const refusalOf = (code: ElectionRefusalCode) => ({ code, message: messages[code] });
