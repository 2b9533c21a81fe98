import {
  defaultHost,
  type Env,
  host,
  jsonText,
  port,
  readConfig,
  url,
} from '@simplebank/chassis/config';
import { z } from 'zod';
import { isAddress } from './domain/address.ts';

const smtpUrl = z
  .string('expected smtp://host:port or smtps://host:port')
  .max(2_000)
  .refine(isSmtpUrl, 'expected smtp://host:port or smtps://host:port');

/** A mail in clear over a network is for demonstrations: never in production. */
const smtpTls = (production: boolean) =>
  z
    .enum(['required', 'off'], 'expected required or off')
    .refine((tls) => !(production && tls === 'off'), 'off is refused in production')
    .default('required');

const shapeFor = (production: boolean) => ({
  NOTIFICATIONS_HOST: host.default(defaultHost),
  NOTIFICATIONS_PORT: port.default(4106),
  NOTIFICATIONS_DATABASE_URL: url,
  ASSERTION_PUBLIC_KEYS: jsonText,
  /** The mail server, with user and password in it; not set: there is no e-mail. */
  NOTIFICATIONS_SMTP_URL: production ? smtpUrl : smtpUrl.optional(),
  /** `off` lets mail go in clear; to this machine itself it may always. */
  NOTIFICATIONS_SMTP_TLS: smtpTls(production),
  /** Whose name the mails bear. */
  NOTIFICATIONS_MAIL_FROM: z
    .string('expected an address such as no-reply@bank.example')
    .refine(isAddress, 'expected an address such as no-reply@bank.example')
    .default('no-reply@simplebank.example'),
});

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== '';
}

export type Config = ReturnType<typeof loadConfig>;

/**
 * Throws ConfigError with every problem at once. In production a mail server is required: customers
 * must be told when somebody changes their password.
 */
export function loadConfig(env: Env) {
  const production = [env['NODE_ENV'], env['ENVIRONMENT']].includes('production');
  return readConfig(shapeFor(production), env);
}
