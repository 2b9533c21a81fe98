export { failOverdue } from './commands/fail-overdue.ts';
export { followOrders } from './commands/follow-orders.ts';
export { followPayments } from './commands/follow-payments.ts';
export { invest } from './commands/invest.ts';
export { type InvestingLoaders, investingLoaders } from './loaders.ts';
export { outcomeOfInvestment } from './queries/strategy-orders.ts';
