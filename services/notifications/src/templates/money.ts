import type { Fact, Words } from './words.ts';

const sum = (fact: Fact) => `${fact('amount')} ${fact('currency')}`;

export const ACCOUNT_OPENED: Words = (fact) => ({
  title: 'Your account is open',
  text: `Account ${fact('account')} in ${fact('currency')} is ready to be used.`,
});
export const ACCOUNT_STATUS: Words = (fact) => ({
  title: 'Your account has a new status',
  text: `Account ${fact('account')} is now ${fact('status')}.`,
});
export const DEPOSIT_COMPLETED: Words = (fact) => ({
  title: 'Your deposit has arrived',
  text: `${sum(fact)} is now on account ${fact('account')}.`,
});
export const DEPOSIT_FAILED: Words = (fact) => ({
  title: 'Your deposit did not arrive',
  text: `${sum(fact)} could not be taken in.`,
});
export const DEPOSIT_RETURNED: Words = (fact) => ({
  title: 'Your deposit was taken back',
  text:
    `${sum(fact)} has been taken back from account ${fact('account')}. ` +
    'What was no longer there is owed to the bank.',
});
export const WITHDRAWAL_COMPLETED: Words = (fact) => ({
  title: 'Your withdrawal is on its way',
  text: `${sum(fact)} has left account ${fact('account')}.`,
});
export const WITHDRAWAL_FAILED: Words = (fact) => ({
  title: 'Your withdrawal failed',
  text: `${sum(fact)} is available on your account again.`,
});
export const WITHDRAWAL_RETURNED: Words = (fact) => ({
  title: 'Your withdrawal came back',
  text: `${sum(fact)} is on account ${fact('account')} again.`,
});
export const DIVIDEND_PAID: Words = (fact) => ({
  title: `${fact('symbol')} has paid you a dividend`,
  text: `${sum(fact)} is now on account ${fact('account')}.`,
});
export const DIVIDEND_CORRECTED: Words = (fact) => ({
  title: `Your dividend of ${fact('symbol')} was corrected`,
  text:
    `${sum(fact)} has been taken back from account ${fact('account')}: ` +
    'the dividend had been paid too high.',
});
export const STATEMENT_READY: Words = (fact) => ({
  title: `Your statement of ${fact('month')} is ready`,
  text:
    `Account ${fact('account')} closed ${fact('month')} with ` +
    `${fact('closing')} ${fact('currency')} in cash.`,
});
