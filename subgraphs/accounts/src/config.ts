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

const dayMs = 86_400_000;
const percent = count({ min: 0, max: 100 }).default(0);

/** How the simulated payment provider behaves; quiet unless told otherwise. */
const providerShape = {
  ACCOUNTS_PROVIDER_SEED: z.string().min(1).max(64).default('simplebank'),
  ACCOUNTS_PROVIDER_DELAY_MS: count({ min: 0, max: dayMs }).default(300),
  ACCOUNTS_PROVIDER_RETURN_DELAY_MS: count({ min: 0, max: 90 * dayMs }).default(2_000),
  ACCOUNTS_PROVIDER_CALL_MS: count({ min: 0, max: 60_000 }).default(0),
  ACCOUNTS_PROVIDER_FAIL_PERCENT: percent,
  ACCOUNTS_PROVIDER_LOSE_PERCENT: percent,
  ACCOUNTS_PROVIDER_REFUSE_PERCENT: percent,
  ACCOUNTS_PROVIDER_RETURN_PERCENT: percent,
  ACCOUNTS_PROVIDER_REPEAT_PERCENT: percent,
  ACCOUNTS_PROVIDER_REORDER_PERCENT: percent,
  ACCOUNTS_PROVIDER_SILENT_PERCENT: percent,
};

const shape = {
  NODE_ENV: z.string().default('development'),
  ACCOUNTS_HOST: host.default(defaultHost),
  ACCOUNTS_PORT: port.default(4101),
  ACCOUNTS_DATABASE_URL: url,
  ASSERTION_PUBLIC_KEYS: jsonText,
  /** The signing key as a private JWK (P-256 or Ed25519) with its `kid`, or a set of them. */
  ACCOUNTS_TOKEN_PRIVATE_KEY: jsonText,
  /** A file with the set instead, read again while the process runs: `npm run keys -- rotate`. */
  ACCOUNTS_TOKEN_KEYS_FILE: z.string().min(1).max(4_096).optional(),
  TOKEN_ISSUER: z.string().min(1).max(256).default('simplebank-accounts'),
  /** A JWKS of 256-bit symmetric keys for personal data; the first encrypts, all decrypt. */
  ACCOUNTS_DATA_KEYS: jsonText,
  /** How long the simulated verification provider takes to answer. */
  ACCOUNTS_VERIFICATION_DELAY_MS: count({ min: 0, max: 86_400_000 }).default(150),
  ACCOUNTS_SCRYPT_COST: count({ min: 10, max: 20 }).default(scryptCostDefault),
  ...providerShape,
};

/** The file makes the variable needless. */
const shapeWithFile = { ...shape, ACCOUNTS_TOKEN_PRIVATE_KEY: jsonText.optional() };

export type Config = Readonly<z.infer<z.ZodObject<typeof shapeWithFile>>>;

/** Throws ConfigError with every problem at once. */
export function loadConfig(env: Env = processEnv): Config {
  const config = readConfig(env['ACCOUNTS_TOKEN_KEYS_FILE'] ? shapeWithFile : shape, env);
  if (config.NODE_ENV === 'production' && config.ACCOUNTS_SCRYPT_COST < scryptCostMinInProduction) {
    const expected = `expected at least ${scryptCostMinInProduction} in production`;
    throw new ConfigError([`ACCOUNTS_SCRYPT_COST: ${expected}`]);
  }
  return config;
}
