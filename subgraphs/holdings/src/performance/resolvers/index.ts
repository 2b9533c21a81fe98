import { AccountAllocation } from './AccountAllocation.ts';
import { AccountDrift } from './AccountDrift.ts';
import { AccountPerformance } from './AccountPerformance.ts';

export { accountFields } from './Account.ts';

export const resolvers = { AccountPerformance, AccountAllocation, AccountDrift };
