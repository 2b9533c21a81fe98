import { createTransport, type SMTPPoolOptions } from 'nodemailer';
import type { Line, Mail } from './lines.ts';

export type SmtpSettings = {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** Whether a mail may go in clear to another machine. */
  readonly tls: 'required' | 'off';
  readonly from: string;
};

const sender = 'SimpleBank';
const connectMsMax = 4_000;
const silentMsMax = 6_000;
const idleMsMax = 20_000;
const mailsPerLine = 100;
const answerBytesMax = 65_536;
const smtpsPort = 465;
const submissionPort = 587;

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** TLS from the first byte, by STARTTLS, or none: that only to this machine, or if told so. */
export function transportOptions({ url, tls }: Omit<SmtpSettings, 'from'>): SMTPPoolOptions {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const inClear = !secure && (tls === 'off' || loopback.has(hostname));
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? smtpsPort : submissionPort),
    ...{ secure, requireTLS: !inClear, ignoreTLS: inClear },
    tls: { minVersion: 'TLSv1.2' },
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...{ connectionTimeout: connectMsMax, greetingTimeout: connectMsMax, dnsTimeout: connectMsMax },
    ...{ socketTimeout: silentMsMax, maxResponseSize: answerBytesMax, logger: false },
    // One connection, kept for a while; a mail whose connection breaks is ours to repeat.
    ...{ maxConnections: 1, maxMessages: mailsPerLine, maxRequeues: 0, idleTimeout: idleMsMax },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
}

/** A line that opens when its first mail comes. */
export function smtpLine({ from, ...server }: SmtpSettings): Line {
  const transport = createTransport({ ...transportOptions(server), pool: true });
  return {
    async send({ to, ...mail }: Mail) {
      await transport.sendMail({
        ...mail,
        ...{ from: { name: sender, address: from }, to: { name: '', address: to } },
        envelope: { from, to: [to] },
        // RFC 3834: no robot answers, no out-of-office goes back.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}
