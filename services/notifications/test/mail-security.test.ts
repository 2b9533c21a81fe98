import { ConfigError } from '@simplebank/chassis/config';
import { expect, test } from 'vitest';
import { smtpLine, transportOptions } from '../src/channels/email/smtp.ts';
import { loadConfig } from '../src/config.ts';
import { aMailCatcher } from './builders.ts';

const env = {
  NOTIFICATIONS_DATABASE_URL: 'postgresql://notifications@db/notifications',
  ASSERTION_PUBLIC_KEYS: '{}',
};
const problemsOf = (given: Readonly<Record<string, string>>): readonly string[] => {
  try {
    loadConfig({ ...env, ...given });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test('production needs a mail server, and no mail of it goes in clear', () => {
  expect(problemsOf({})).toEqual([]);
  const production = { NODE_ENV: 'production', NOTIFICATIONS_SMTP_TLS: 'off' };
  expect(problemsOf(production)).toEqual([
    'NOTIFICATIONS_SMTP_URL: is not set (expected smtp://host:port or smtps://host:port)',
    'NOTIFICATIONS_SMTP_TLS: off is refused in production',
  ]);
  expect(problemsOf({ NOTIFICATIONS_SMTP_URL: 'http://mail.example' })).toHaveLength(1);
  expect(problemsOf({ NOTIFICATIONS_MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' })).toHaveLength(
    1,
  );
});

test.each([
  ['smtps://mail.example', 'required', { secure: true, requireTLS: true, port: 465 }],
  ['smtp://mail.example', 'required', { secure: false, requireTLS: true, ignoreTLS: false }],
  ['smtp://mail.example:25', 'off', { secure: false, requireTLS: false, port: 25 }],
  ['smtp://127.0.0.1:1025', 'required', { secure: false, requireTLS: false, ignoreTLS: true }],
  ['smtp://[::1]:1025', 'required', { host: '::1', requireTLS: false }],
] as const)('%s with TLS %s', (url, tls, expected) => {
  expect(transportOptions({ url, tls })).toMatchObject(expected);
});

test('user and password may hold any sign', () => {
  const { auth } = transportOptions({
    url: 'smtps://a%40b:p%2Fw%3A@mail.example',
    tls: 'required',
  });
  expect(auth).toEqual({ user: 'a@b', pass: 'p/w:' });
});

const mail = {
  ...{ messageId: '<1@bank.example>', to: 'ada@example.com', subject: 's', text: 't', html: 'h' },
  date: new Date('2026-01-30T17:00:00.000Z'),
};
test('a server that offers no TLS, or one that nobody vouches for, gets no mail', async () => {
  // Not the address that a mail may go to in clear.
  const plain = await aMailCatcher({ host: '127.0.0.2' });
  const unknown = await aMailCatcher({ host: '127.0.0.2', startTls: true });
  const from = 'no-reply@bank.example';
  try {
    for (const catcher of [plain, unknown]) {
      const line = smtpLine({ url: catcher.url, tls: 'required', from });
      await expect(line.send(mail)).rejects.toThrow(/STARTTLS|certificate/);
      line.close();
      expect(catcher.mails()).toEqual([]);
    }
    const line = smtpLine({ url: plain.url, tls: 'off', from });
    await line.send(mail);
    line.close();
    expect(plain.mails()).toHaveLength(1);
  } finally {
    await Promise.all([plain.close(), unknown.close()]);
  }
});

test('a subject and an id cannot add headers', async () => {
  const catcher = await aMailCatcher();
  const line = smtpLine({ url: catcher.url, tls: 'required', from: 'no-reply@bank.example' });
  const hostile = 'Hello\r\nBcc: victim@example.com\r\n\r\nbody';
  await line.send({ ...mail, subject: hostile });
  line.close();
  await catcher.close();
  const [caught] = catcher.mails();
  expect(caught?.headers.map(({ key }) => key)).not.toContain('bcc');
  expect(caught?.envelope.to).toEqual(['ada@example.com']);
  expect(caught?.text.trim()).toBe('t');
});
