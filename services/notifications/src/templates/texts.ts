import type { Facts, Kind } from '../domain/notification.ts';

export type Text = { readonly title: string; readonly text: string };

type Fact =
  | 'account'
  | 'amount'
  | 'currency'
  | 'status'
  | 'side'
  | 'symbol'
  | 'quantity'
  | 'value'
  | 'code';

const side = (name: string) => (name === 'SELL' ? 'sale' : 'purchase');

/** One template per kind. A fact that a template needs and the event did not bring is a bug. */
const templates: Readonly<Record<Kind, (fact: (name: Fact) => string) => Text>> = {
  ACCOUNT_OPENED: (fact) => ({
    title: 'Your account is open',
    text: `Account ${fact('account')} in ${fact('currency')} is ready to be used.`,
  }),
  ACCOUNT_STATUS: (fact) => ({
    title: 'Your account has a new status',
    text: `Account ${fact('account')} is now ${fact('status')}.`,
  }),
  DEPOSIT_COMPLETED: (fact) => ({
    title: 'Your deposit has arrived',
    text: `${fact('amount')} ${fact('currency')} is now on account ${fact('account')}.`,
  }),
  DEPOSIT_FAILED: (fact) => ({
    title: 'Your deposit did not arrive',
    text: `${fact('amount')} ${fact('currency')} could not be taken in.`,
  }),
  WITHDRAWAL_COMPLETED: (fact) => ({
    title: 'Your withdrawal is on its way',
    text: `${fact('amount')} ${fact('currency')} has left account ${fact('account')}.`,
  }),
  WITHDRAWAL_FAILED: (fact) => ({
    title: 'Your withdrawal failed',
    text: `${fact('amount')} ${fact('currency')} is available on your account again.`,
  }),
  ORDER_COMPLETED: (fact) => ({
    title: `Your ${side(fact('side'))} of ${fact('symbol')} has ended`,
    text:
      `It is ${fact('status')}: ${fact('quantity')} shares of ${fact('symbol')} ` +
      `for ${fact('value')} ${fact('currency')}.`,
  }),
  ORDER_REFUSED: (fact) => ({
    title: `Your ${side(fact('side'))} of ${fact('symbol')} was refused`,
    text: `The reason is ${fact('code')}. Nothing was traded and nothing was charged.`,
  }),
  STRATEGY_ORDER_COMPLETED: (fact) => ({
    title: 'Your investment has ended',
    text: `Its status is ${fact('status')}. You find its parts in the application.`,
  }),
};

/** The words of a notification. Throws when the facts lack one that the template names. */
export function render(kind: Kind, facts: Facts): Text {
  return templates[kind]((name) => {
    const fact = facts[name];
    if (fact === undefined) throw new Error(`template ${kind} lacks the fact ${name}`);
    return fact;
  });
}
