/** The door of this room: what accounts were and are worth, and how they did. */
export {
  keepCashFacts,
  keepCloses,
  keepElections,
  keepStrategies,
} from './commands/keep-facts.ts';
export { valueAccounts } from './commands/value-accounts.ts';
export { newYorkDay } from './domain/days.ts';
export { createLoaders } from './loaders.ts';
export { accountFields, resolvers } from './resolvers/index.ts';
