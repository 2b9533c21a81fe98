import {
  ConfigError,
  count,
  defaultHost,
  type Env,
  host,
  port,
  readConfig,
} from '@simplebank/chassis/config';

const keptMax = 10_000;

const shape = {
  /** Where both listen; another address only where nobody but the bank can reach it. */
  MAIL_CATCHER_HOST: host.default(defaultHost),
  /** Where it takes mail; 0 takes a free port. */
  MAIL_CATCHER_SMTP_PORT: port.default(0),
  /** Where a browser on this machine sees it; 0 takes a free port. */
  MAIL_CATCHER_PORT: port.default(0),
  /** How many mails it remembers, the newest ones. */
  MAIL_CATCHER_KEEP: count({ min: 1, max: keptMax }).default(200),
};

export type Config = ReturnType<typeof loadConfig>;

/**
 * Throws ConfigError with every problem at once, and in production in any case: what is caught
 * there never reaches a customer.
 */
export function loadConfig(env: Env) {
  if ([env['NODE_ENV'], env['ENVIRONMENT']].includes('production')) {
    throw new ConfigError(['NODE_ENV, ENVIRONMENT: mail is not caught in production']);
  }
  return readConfig(shape, env);
}
