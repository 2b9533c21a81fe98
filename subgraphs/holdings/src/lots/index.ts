export { lotLoaders } from './loaders.ts';
export { lotFields } from './resolvers/account.ts';
export { holdingLots } from './resolvers/holding.ts';
export { resolvers } from './resolvers/index.ts';
