import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSigningKeys, type SigningKeyState, statesOf } from '@simplebank/chassis/signing-keys';
import { tokenKeysFile } from './embedded/keys.ts';
import { readSettings, StartRefused } from './embedded/settings.ts';
import {
  createTokenKeys,
  dropTokenKey,
  KeysRefused,
  leadMsDefault,
  lingerMs,
  newSigningKey,
  openTokenKeys,
  rotateTokenKeys,
} from './keys/token-keys.ts';

const minuteMs = 60_000;
const leadMinutesMax = 1_440;

const usage = `npm run keys -- <command> [<kid>] [--file <path>] [--lead <minutes>]
  list     which keys of the access tokens sign, wait or linger
  rotate   adds a key that takes over after --lead (${leadMsDefault / minuteMs}) minutes
  drop     takes away the key <kid>, which has leaked, at once: its tokens die
  new      begins a file, with ACCOUNTS_TOKEN_PRIVATE_KEY if that is set
The file is --file, else ACCOUNTS_TOKEN_KEYS_FILE, else that of the bank of npm start.`;

const since = (at: Date) => (at.getTime() === 0 ? 'the beginning' : at.toISOString());

const wordsOf: Readonly<Record<SigningKeyState['state'], (key: SigningKeyState) => string>> = {
  NEXT: ({ key }) => `is shown; signs from ${key.signsFrom.toISOString()}`,
  SIGNING: ({ key, neededUntil }) =>
    neededUntil
      ? `signs; is shown until ${neededUntil.toISOString()}`
      : `signs since ${since(key.signsFrom)}`,
  LINGERING: ({ neededUntil }) => `signed; is shown until ${neededUntil?.toISOString()}`,
  RETIRED: () => 'is needed no more; the next rotation removes it',
};

/** Ids and times, never a key. */
function tell(states: readonly SigningKeyState[]): void {
  for (const one of states) console.log(`${one.key.jwk.kid}  ${wordsOf[one.state](one)}`);
}

function leadOf(text: string | undefined): number {
  if (text === undefined) return leadMsDefault;
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (minutes <= leadMinutesMax) return minutes * minuteMs;
  throw new KeysRefused(`--lead ${text}: expected minutes, 0 to ${leadMinutesMax}.`);
}

async function begin(file: string): Promise<void> {
  const given = process.env['ACCOUNTS_TOKEN_PRIVATE_KEY'];
  const keys = given ? readSigningKeys(given) : [await newSigningKey(new Date(0))];
  await createTokenKeys(file, keys);
}

async function main(): Promise<void> {
  const options = { file: { type: 'string' }, lead: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const inBank = () => join(readSettings(process.env).dataDir, tokenKeysFile);
  const file = values.file ?? (process.env['ACCOUNTS_TOKEN_KEYS_FILE'] || inBank());
  const [command, ...more] = positionals;
  const [kid, ...others] = more;
  const now = new Date();
  if (command === 'rotate' && more.length === 0) {
    return tell(await rotateTokenKeys(file, { now, leadMs: leadOf(values.lead) }));
  }
  if (command === 'drop' && kid !== undefined && others.length === 0) {
    return tell(await dropTokenKey(file, { kid, now }));
  }
  if (command === 'new' && more.length === 0) await begin(file);
  else if (command !== 'list' || more.length > 0) throw new KeysRefused(usage);
  tell(statesOf(await openTokenKeys(file), { now, lingerMs }));
}

try {
  await main();
} catch (error) {
  const isTold =
    error instanceof KeysRefused || error instanceof StartRefused || error instanceof TypeError;
  if (!isTold) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
