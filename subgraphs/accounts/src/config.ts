import {
  ConfigError,
  count,
  defaultHost,
  type Env,
  host,
  jsonText,
  port,
  processEnv,
  readConfig,
  url,
} from '@simplebank/chassis/config';
import { z } from 'zod';

/** log2 of the scrypt cost that OWASP asks for: N = 2^17 with r = 8 and p = 1. */
const scryptCostDefault = 17;
/** Only tests go below, to be quick. */
const scryptCostMinInProduction = 17;

const shape = {
  NODE_ENV: z.string().default('development'),
  ACCOUNTS_HOST: host.default(defaultHost),
  ACCOUNTS_PORT: port.default(4101),
  ACCOUNTS_DATABASE_URL: url,
  ASSERTION_PUBLIC_KEYS: jsonText,
  /** The signing key as a private JWK (P-256 or Ed25519) with its `kid`. */
  ACCOUNTS_TOKEN_PRIVATE_KEY: jsonText,
  TOKEN_ISSUER: z.string().min(1).max(256).default('simplebank-accounts'),
  ACCOUNTS_SCRYPT_COST: count({ min: 10, max: 20 }).default(scryptCostDefault),
  /** How long the simulated payment provider takes to answer. */
  ACCOUNTS_PROVIDER_DELAY_MS: count({ min: 0, max: 86_400_000 }).default(300),
};

export type Config = Readonly<z.infer<z.ZodObject<typeof shape>>>;

/** Throws ConfigError with every problem at once. */
export function loadConfig(env: Env = processEnv): Config {
  const config = readConfig(shape, env);
  if (config.NODE_ENV === 'production' && config.ACCOUNTS_SCRYPT_COST < scryptCostMinInProduction) {
    const expected = `expected at least ${scryptCostMinInProduction} in production`;
    throw new ConfigError([`ACCOUNTS_SCRYPT_COST: ${expected}`]);
  }
  return config;
}
