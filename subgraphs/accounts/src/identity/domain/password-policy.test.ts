import { expect, test } from 'vitest';
import { isStrongPassword } from './password-policy.ts';

const email = 'alice.smith@example.com';

test.each([
  ['Short-1234!', 'eleven characters'],
  ['x'.repeat(257), 'more than anybody types'],
  ['alice.smith@example.com', 'the email'],
  ['AliceSmith2024', 'the name in the email, decorated'],
  ['password123456', 'a common word with digits'],
  ['P@ssw0rd!!!!', 'a common word in disguise'],
  ['qwertyqwerty12', 'a common word twice'],
  ['123456789012', 'a run of digits'],
  ['abcdefghijklmn', 'a run of letters'],
  ['aaaaaaaaaaaabb', 'hardly any different characters'],
  ['SimpleBank2026!', 'the name of the bank'],
  ['ｐａｓｓｗｏｒｄ１２３４５６', 'a common word in wide letters, which opens to narrow ones too'],
  ['ａｌｉｃｅ.smith@example.com', 'the email in wide letters'],
])('%s is refused: %s', (password) => {
  expect(isStrongPassword(password, email)).toBe(false);
});

test.each(['correct horse battery staple', 'Tr0ub4dor&3-and-more', 'öäü-ßéñ-日本語-пароль'])(
  '%s is accepted',
  (password) => {
    expect(isStrongPassword(password, email)).toBe(true);
  },
);
