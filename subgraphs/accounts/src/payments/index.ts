export { advancePayments } from './commands/advance-payments.ts';
export { fundPlanRun } from './commands/fund-plan-run.ts';
export type { PaymentProvider } from './provider.ts';
export { guardedProvider } from './providers/guarded.ts';
export { simulatedProvider } from './providers/simulated.ts';
