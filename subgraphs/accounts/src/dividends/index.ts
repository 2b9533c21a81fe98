export { keepEntitlements } from './commands/keep-entitlements.ts';
export { payDividends } from './commands/pay-dividends.ts';
export { tellSplits } from './commands/tell-splits.ts';
