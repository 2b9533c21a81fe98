export { advancePayments } from './commands/advance-payments.ts';
export type { PaymentProvider } from './provider.ts';
export { simulatedProvider } from './providers/simulated.ts';
