import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Template } from '../domain/kinds.ts';
import { layOut } from './email.ts';
import { render } from './render.ts';

const said = (facts: object) => render('STRATEGY_CREATED', { name: 'Growth', ...facts });

test('a fact cannot add lines to a message, nor make it long', () => {
  const { title } = said({ name: 'Growth\r\nBcc: eve@example.com\u0000\n\nYour account' });
  expect(title).toBe('There is a new strategy: Growth Bcc: eve@example.com Your account');
  expect(said({ name: 'x'.repeat(5_000) }).title.length).toBeLessThan(200);
});

test('whatever a fact says stays text in the HTML', () => {
  const hostile = fc.stringMatching(/^[<>"'&a-z/= ]{1,40}$/);
  fc.assert(
    fc.property(hostile, (name) => {
      const { html } = layOut({ kind: 'STRATEGY_CREATED', ...said({ name: `<i>${name}` }) }, 'Ada');
      expect(html.match(/<(?!\/?(!doctype|html|head|meta|title|body|h1|p)\b)/g)).toBeNull();
    }),
  );
});

test('a mail greets by name only what is one, and says what cannot be turned off', () => {
  const message = { kind: 'SECURITY', ...render('PASSWORD_CHANGED', {}) } as const;
  const mail = layOut(message, 'Ada Saver');
  expect(mail.subject).toBe('Your password was changed');
  expect(mail.text).toBe(`Hello Ada Saver,

Whoever was signed in elsewhere is signed out. If that was not you, tell us at once.

You find this message in the application, too.

-- 

Messages about your security cannot be turned off. SimpleBank never asks for your password, and \
sends no links to sign in.
`);
  expect(layOut(message, 'see https://evil.example').text).toMatch(/^Hello,\n/);
});

test('a fact that the event did not bring is a bug, not a gap in the text', () => {
  expect(() => render('DIVIDEND_PAID' satisfies Template, {})).toThrow('lacks the fact');
});
