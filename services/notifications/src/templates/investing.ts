import type { Fact, Words } from './words.ts';

const side = (fact: Fact) => (fact('side') === 'SELL' ? 'sale' : 'purchase');

export const ORDER_COMPLETED: Words = (fact) => ({
  title: `Your ${side(fact)} of ${fact('symbol')} has ended`,
  text:
    `It is ${fact('status')}: ${fact('quantity')} shares of ${fact('symbol')} ` +
    `for ${fact('value')} ${fact('currency')}.`,
});
export const ORDER_REFUSED: Words = (fact) => ({
  title: `Your ${side(fact)} of ${fact('symbol')} was refused`,
  text: `The reason is ${fact('code')}. Nothing was traded and nothing was charged.`,
});
export const INVESTMENT_PART_REFUSED: Words = (fact) => ({
  title: `A ${side(fact)} of ${fact('symbol')} was refused`,
  text:
    `It was a part of your investment on account ${fact('account')}. ` +
    `The reason is ${fact('code')}; its money stays on the account.`,
});
export const STRATEGY_ORDER_COMPLETED: Words = (fact) => ({
  title: 'Your investment has ended',
  text: `Its status is ${fact('status')}. You find its parts in the application.`,
});
export const STRATEGY_CREATED: Words = (fact) => ({
  title: `There is a new strategy: ${fact('name')}`,
  text: `You can look at ${fact('name')} and invest in it from now on.`,
});
export const PLAN_RUN_COMPLETED: Words = (fact) => ({
  title: 'Your plan has invested',
  text: `The run of ${fact('period')} on account ${fact('account')} has been carried out.`,
});
export const PLAN_RUN_COMPLETED_IN_PART: Words = (fact) => ({
  title: 'Your plan has invested in part',
  text:
    `The run of ${fact('period')} on account ${fact('account')} did not buy all of its parts. ` +
    `The reason is ${fact('reason')}. What was not spent stays on the account.`,
});
export const PLAN_RUN_BOUGHT_NOTHING: Words = (fact) => ({
  title: 'Your plan has bought nothing',
  text:
    `The run of ${fact('period')} on account ${fact('account')} bought nothing. ` +
    `The reason is ${fact('reason')}. The plan goes on.`,
});
export const PLAN_RUN_SKIPPED: Words = (fact) => ({
  title: 'Your plan has skipped a run',
  text:
    `The run of ${fact('period')} on account ${fact('account')} was left out. ` +
    `The reason is ${fact('reason')}. The next one is made as planned.`,
});
export const PLAN_RUN_FAILED: Words = (fact) => ({
  title: 'A run of your plan has failed',
  text:
    `The run of ${fact('period')} on account ${fact('account')} was not made. ` +
    `The reason is ${fact('reason')}. The plan goes on.`,
});
export const REBALANCE_COMPLETED: Words = (fact) => ({
  title: 'Your rebalancing has ended',
  text:
    `Its status on account ${fact('account')} is ${fact('status')}. ` +
    'You find its orders in the application.',
});
