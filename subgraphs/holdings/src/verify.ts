/** The door for auditors (`npm run verify`): returns, gains and lots, without a database. */
export { driftOfShares } from './performance/domain/drift.ts';
export {
  type HistoryTrade,
  type PlayedHistory,
  playTrades,
  SoldTooMuch,
} from './performance/domain/trade-history.ts';
export { annualised, linkDays, type ReturnDay } from './performance/domain/twr.ts';
export {
  type Rate,
  type UnavailableReason,
  unavailableReasons,
} from './performance/domain/unavailable.ts';
export { type Flow, xirr } from './performance/domain/xirr.ts';
