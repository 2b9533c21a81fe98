import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import {
  readSigningKeys,
  type SigningKey,
  type SigningKeyState,
  statesOf,
  writeSigningKeys,
} from '@simplebank/chassis/signing-keys';
import { exportJWK, generateKeyPair } from 'jose';

/** What a person can mend, in one line without a secret. */
export class KeysRefused extends Error {}

const minuteMs = 60_000;
/** Gateways fetch the keys every ten minutes and accounts reads its file every five seconds. */
export const leadMsDefault = 15 * minuteMs;
/** An access token lives for fifteen minutes; accounts shows its key for a minute more. */
export const lingerMs = 16 * minuteMs;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

export async function openTokenKeys(file: string): Promise<readonly SigningKey[]> {
  try {
    return readSigningKeys(await readFile(file, 'utf8'));
  } catch (error) {
    const { message } = error as Error;
    const reason = codeOf(error) ?? message;
    throw new KeysRefused(`The token keys in ${file} cannot be read: ${reason}.`);
  }
}

/**
 * Readable by its owner only, and never half written. The draft keeps a second run away.
 * Throws KeysRefused when one is under way.
 */
async function save(file: string, keys: readonly SigningKey[]): Promise<void> {
  const draft = `${file}.new`;
  try {
    await writeFile(draft, writeSigningKeys(keys), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new KeysRefused(`${draft} exists: another run is at it, or was cut off; then remove it.`);
  }
  try {
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

export async function newSigningKey(signsFrom: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const marks = { kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' };
  return { jwk: { ...(await exportJWK(privateKey)), ...marks }, signsFrom };
}

/** The first keys of a file that does not exist yet. Throws KeysRefused when it does. */
export async function createTokenKeys(file: string, keys: readonly SigningKey[]): Promise<void> {
  const exists = await readFile(file).then(
    () => true,
    () => false,
  );
  if (exists) throw new KeysRefused(`${file} exists: npm run keys -- rotate gives it another key.`);
  await save(file, keys);
}

export type Rotation = { readonly now: Date; readonly leadMs: number };

/**
 * Adds a key that signs after `leadMs`, so that whoever verifies has learned it by then, and takes
 * away those that nobody needs any more. Answers all keys as they are now.
 * Throws KeysRefused while a key of the rotation before still waits.
 */
export async function rotateTokenKeys(
  file: string,
  { now, leadMs }: Rotation,
): Promise<readonly SigningKeyState[]> {
  const states = statesOf(await openTokenKeys(file), { now, lingerMs });
  const waiting = states.find(({ state }) => state === 'NEXT');
  if (waiting) {
    const { jwk, signsFrom } = waiting.key;
    throw new KeysRefused(`${jwk.kid} waits already and signs from ${signsFrom.toISOString()}.`);
  }
  const kept = states.filter(({ state }) => state !== 'RETIRED').map(({ key }) => key);
  const keys = [...kept, await newSigningKey(new Date(now.getTime() + leadMs))];
  await save(file, keys);
  return statesOf(keys, { now, lingerMs });
}

export type Drop = { readonly kid: string; readonly now: Date };

/**
 * Takes a key away at once, as when it has leaked: it is shown no more and its tokens die. When it
 * signed, the key that waits takes over now. Answers the keys that are left.
 * Throws KeysRefused for an unknown key, and for the one that signs while no other waits: a key
 * that signed before it was taken out of use for a reason, and does not come back.
 */
export async function dropTokenKey(
  file: string,
  { kid, now }: Drop,
): Promise<readonly SigningKeyState[]> {
  const states = statesOf(await openTokenKeys(file), { now, lingerMs });
  const dropped = states.find(({ key }) => key.jwk.kid === kid);
  if (!dropped) throw new KeysRefused(`No key in ${file} is called ${kid}: npm run keys -- list.`);
  const left = states.filter((one) => one !== dropped);
  const next = left.find(({ state }) => state === 'NEXT');
  const signed = dropped.state === 'SIGNING';
  if (signed && !next) {
    throw new KeysRefused(
      `${kid} signs and no other waits: npm run keys -- rotate --lead 0 first.`,
    );
  }
  const keys = left.map(({ key }) =>
    signed && key === next?.key ? { ...key, signsFrom: now } : key,
  );
  await save(file, keys);
  return statesOf(keys, { now, lingerMs });
}
