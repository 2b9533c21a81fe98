import { request } from 'node:http';
import { ConfigError } from '@simplebank/chassis/config';
import { createLogger } from '@simplebank/chassis/logging';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MailCatcherApp, openMailCatcher } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { keepNewest } from '../src/mails.ts';
import { moodFor } from '../src/moods.ts';

let app: MailCatcherApp;
beforeEach(async () => {
  const log = createLogger({ service: 'mail-catcher', destination: { write: () => {} } });
  app = openMailCatcher(loadConfig({ MAIL_CATCHER_KEEP: '2' }), { log });
  await app.catcher.start();
  await app.door.start();
});
afterEach(async () => {
  await app.door.close();
  await app.catcher.close();
});

async function send(to: string, subject = 'Grüße', text = 'a <b>bold</b> word') {
  const transport = createTransport(app.catcher.url);
  try {
    return await transport.sendMail({ from: 'bank@example.com', to, subject, text });
  } finally {
    transport.close();
  }
}

function get(path: string, host?: string): Promise<{ status: number; body: string }> {
  const headers = host === undefined ? {} : { host };
  return new Promise((resolve, reject) => {
    const asked = request(`${app.door.url}${path}`, { headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}

test('the newest mails are shown to a person and to a program, their words as text', async () => {
  for (const name of ['first', 'second', 'third']) await send(`${name}@example.com`);
  const shown = JSON.parse((await get('/mail.json')).body);
  expect(shown).toMatchObject([
    { to: ['third@example.com'], subject: 'Grüße', text: 'a <b>bold</b> word\n' },
    { to: ['second@example.com'] },
  ]);
  const { status, body } = await get('/mail');
  expect([status, body.includes('a &lt;b&gt;bold&lt;/b&gt; word')]).toEqual([200, true]);
  expect(body).not.toContain('first@example.com');
});

test('a page elsewhere that points its name here is refused', async () => {
  expect((await get('/mail.json', 'evil.example')).status).toBe(403);
  expect((await get('/mail.json', 'localhost')).status).toBe(200);
});

test.each([
  ['ada+refuse@example.com', { responseCode: 550 }],
  ['defer@example.com', { responseCode: 451 }],
  ['ada+drop@example.com', { code: 'ECONNECTION' }],
])('mail for %s meets the mood that the address names', async (to, failure) => {
  await expect(send(to)).rejects.toMatchObject(failure);
  expect(app.catcher.mails()).toEqual([]);
});

test('a lost answer belongs to a mail that was taken', async () => {
  app.catcher.behave('LOSE_ANSWER');
  await expect(send('ada@example.com')).rejects.toThrow();
  expect(app.catcher.mails()).toHaveLength(1);
});

test('a mood stands alone or behind a plus; any other address has the usual one', () => {
  const addresses = ['hang@x.example', 'a+b+SLOW@x.example', 'hanger@x.example', 'a@hang.example'];
  expect(addresses.map((address) => moodFor(address, 'WELL'))).toEqual([
    ...['HANG', 'SLOW', 'WELL', 'WELL'],
  ]);
  expect(keepNewest(1).all()).toEqual([]);
});

test.each(['NODE_ENV', 'ENVIRONMENT'])('it does not start in production (%s)', (name) => {
  expect(() => loadConfig({ [name]: 'production' })).toThrow(ConfigError);
});
