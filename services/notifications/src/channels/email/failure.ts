import { NotDelivered, NotTried } from '../../channel.ts';

/** What nodemailer knows of a failure besides its words, which may name the customer. */
type SmtpFailure = { readonly code: string; readonly responseCode: number; readonly about: string };

/** The server has answered about one mail, so it is well: this opens no circuit. */
const mailCommands: ReadonlySet<string> = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
const closingDown = 421;

export function isAnswer(error: unknown): boolean {
  if (error instanceof NotTried) return true;
  const { responseCode, about } = failureOf(error);
  return responseCode >= 400 && responseCode !== closingDown && mailCommands.has(about);
}

/**
 * A failure in words of ours, such as `SMTP_550` or `ECONNECTION`: the words of the server stay out
 * of the delivery log and of every line.
 */
export function named(error: unknown): Error {
  if (error instanceof NotDelivered || error instanceof NotTried) return error;
  const outer = textOf(error, 'code');
  if (outer === 'CIRCUIT_OPEN') return new NotTried('CIRCUIT_OPEN');
  if (outer === 'TIMEOUT') return new NotDelivered('TIMEOUT', { answered: false });
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof NotDelivered) return cause;
  const { code, responseCode } = failureOf(cause);
  return responseCode > 0
    ? new NotDelivered(`SMTP_${responseCode}`, { answered: true })
    : new NotDelivered(code, { answered: false });
}

function failureOf(error: unknown): SmtpFailure {
  const responseCode = error instanceof Error && 'responseCode' in error ? error.responseCode : 0;
  return {
    code: /^E[A-Z0-9]+$/.exec(textOf(error, 'code'))?.[0] ?? 'UNKNOWN',
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    about: textOf(error, 'command'),
  };
}

function textOf(error: unknown, key: string): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
}
