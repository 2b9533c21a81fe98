import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const env = {
  ACCOUNTS_DATABASE_URL: 'postgresql://localhost/accounts',
  ASSERTION_PUBLIC_KEYS: '{}',
  ACCOUNTS_TOKEN_PRIVATE_KEY: '{}',
  ACCOUNTS_DATA_KEYS: '{}',
};

test('the cost of a password hash is what OWASP asks for unless told otherwise', () => {
  expect(loadConfig(env).ACCOUNTS_SCRYPT_COST).toBe(17);
  expect(loadConfig({ ...env, ACCOUNTS_SCRYPT_COST: '10' }).ACCOUNTS_SCRYPT_COST).toBe(10);
});

test('a cheap password hash is refused in production', () => {
  const cheap = { ...env, NODE_ENV: 'production', ACCOUNTS_SCRYPT_COST: '16' };
  expect(() => loadConfig(cheap)).toThrow('ACCOUNTS_SCRYPT_COST: expected at least 17');
});

test('every missing variable is named at once', () => {
  expect(() => loadConfig({})).toThrow(
    /DATABASE_URL[\s\S]*PUBLIC_KEYS[\s\S]*TOKEN_PRIVATE_KEY[\s\S]*DATA_KEYS/,
  );
});
