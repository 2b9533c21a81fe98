/** What the venue quotes at an instant, for whoever plays a time before it was opened. */
export { quoteAt } from './domain/prices.ts';
