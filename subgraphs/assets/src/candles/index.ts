export { closePrices } from './commands/close-prices.ts';
export { dropOldMinutes } from './commands/drop-old-minutes.ts';
export { foldQuotes } from './commands/fold-quotes.ts';
export {
  type DailyCandle,
  dailyCandlesMax,
  recordDailyCandles,
} from './commands/record-daily-candles.ts';
export { candleLoaders } from './loaders.ts';
