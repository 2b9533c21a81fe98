export { bookExecutions } from './commands/book-executions.ts';
export { debtsChanged } from './commands/debts.ts';
export { endOrders } from './commands/end-orders.ts';
export { holdFunds } from './commands/hold-funds.ts';
export { settleDue } from './commands/settle-due.ts';
