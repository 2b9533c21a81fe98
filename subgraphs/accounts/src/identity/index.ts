export { dropOldAttempts } from './commands/drop-old-attempts.ts';
export { type IdentityLoaders, identityLoaders } from './loaders.ts';
export { createPasswords, type Passwords } from './passwords.ts';
export { createTokens, newSecret, type Tokens } from './tokens.ts';
