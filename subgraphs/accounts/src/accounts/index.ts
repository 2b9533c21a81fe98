export { debtChanged } from './commands/change-status.ts';
export type { Account } from './domain/account.ts';
export { mayCustomer } from './domain/permissions.ts';
export { type AccountLoaders, accountLoaders } from './loaders.ts';
export { accountBy, accountsById } from './queries/accounts.ts';
