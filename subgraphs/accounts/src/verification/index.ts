export { advanceVerifications } from './commands/advance-verifications.ts';
export { resealProfiles } from './commands/reseal-profiles.ts';
export { createDataKeys, type DataKeys } from './data-keys.ts';
export { type VerificationLoaders, verificationLoaders } from './loaders.ts';
export type { VerificationProvider } from './provider.ts';
export { simulatedVerifier } from './providers/simulated.ts';
