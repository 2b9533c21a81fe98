import { UnexpectedAnswer } from './bank/client.ts';
import { showProgress } from './embedded/progress.ts';
import { loadDemo } from './seed/seed.ts';

const doors = ['accounts', 'federation', 'web'] as const;
const defaults = { accounts: 4101, federation: 4000, web: 4001 } as const;

const urlOf = (name: (typeof doors)[number]): string => {
  const port = process.env[`${name.toUpperCase()}_PORT`] ?? defaults[name];
  return process.env[`${name.toUpperCase()}_URL`] ?? `http://127.0.0.1:${port}`;
};

/** `npm run seed`: loads the demo bank into a running one, such as the distributed bank. */
try {
  const key = process.env['ASSERTION_PRIVATE_KEY'];
  if (!key) throw new UnexpectedAnswer('ASSERTION_PRIVATE_KEY is not set: take it from .env');
  const keys = { assertionPrivateKey: JSON.parse(key) };
  const urls = Object.fromEntries(doors.map((name) => [name, urlOf(name)]));
  await loadDemo({ urls, keys, progress: showProgress() });
} catch (error) {
  if (!(error instanceof UnexpectedAnswer)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
