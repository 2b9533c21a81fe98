import type { ActivityResolvers } from '../../generated/graphql.ts';

export const Activity: ActivityResolvers = {
  reversesId: ({ kind, transactionId }, _, { loaders }) => {
    const mayReverse = kind === 'CORRECTION' || kind === 'DEBT';
    return mayReverse && transactionId ? loaders.reversed.load(transactionId) : null;
  },
};
