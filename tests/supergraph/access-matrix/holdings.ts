import { type Matrix, operationsUnknown, own, staffReads } from './matrix.ts';

export const holdings: Matrix = {
  'Query.holdings': own,
  'Query.missingShares': staffReads,
  'Query.houseErrorPositions': staffReads,
  'Mutation.resolveMissingShares': operationsUnknown,
};
