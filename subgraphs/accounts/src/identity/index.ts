export { dropEndedSessions } from './commands/drop-ended-sessions.ts';
export { dropOldAttempts } from './commands/drop-old-attempts.ts';
export { fixedKeys, type KeySource, keysInFile } from './key-source.ts';
export { type IdentityLoaders, identityLoaders } from './loaders.ts';
export { createPasswords, type Passwords } from './passwords.ts';
export { revokedSessions } from './queries/revoked-sessions.ts';
export { createTokens, newSecret, type Tokens } from './tokens.ts';
