import type { JWK } from 'jose';
import { z } from 'zod';

/**
 * A set of private signing keys in which each key says when it takes over. Everything else follows
 * from the clock: which one signs, which are shown before their time, which are still shown after
 * it. So a rotation is one change of a file, and all who read it agree.
 */
export type SigningKey = { readonly jwk: JWK & { readonly kid: string }; readonly signsFrom: Date };

export type SigningKeyState = {
  readonly key: SigningKey;
  readonly state: 'NEXT' | 'SIGNING' | 'LINGERING' | 'RETIRED';
  /** When the last token that it signed is over; null while no other key has taken over. */
  readonly neededUntil: Date | null;
};

const keysMax = 20;
const text = z.string().min(1);
const keyShape = z.looseObject({
  ...{ kid: text.max(128), kty: z.enum(['EC', 'OKP']), crv: text, x: text, d: text },
  signsFrom: z.iso.datetime().optional(),
});
const setShape = z.object({ keys: z.array(keyShape).min(1).max(keysMax) });

/**
 * Reads one private JWK, which signs from the beginning of time, or a set of them; the earliest
 * comes first. Throws an Error that says what is wrong and never what was read.
 */
export function readSigningKeys(json: string): readonly SigningKey[] {
  const read = setShape.safeParse(asSet(json));
  if (!read.success) throw new Error('expected private JWKs with kid, or a set of them');
  const keys = read.data.keys.map(({ signsFrom, ...jwk }): SigningKey => {
    return { jwk, signsFrom: new Date(signsFrom ?? 0) };
  });
  const ids = new Set(keys.map(({ jwk }) => jwk.kid));
  if (ids.size < keys.length) throw new Error('two signing keys have the same kid');
  return keys.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
}

/** The form that `readSigningKeys` reads; it holds secrets. */
export const writeSigningKeys = (keys: readonly SigningKey[]): string =>
  JSON.stringify({
    keys: keys.map(({ jwk, signsFrom }) => ({ ...jwk, signsFrom: signsFrom.toISOString() })),
  });

/**
 * What each key is for at this instant. `lingerMs` is how long a key is needed after it has signed
 * for the last time: as long as its tokens live, and what clocks differ.
 */
export function statesOf(
  keys: readonly SigningKey[],
  { now, lingerMs }: { readonly now: Date; readonly lingerMs: number },
): readonly SigningKeyState[] {
  const begun = keys.filter(({ signsFrom }) => signsFrom <= now);
  const signing = begun.at(-1) ?? keys[0];
  return keys.map((key, index) => {
    const next = keys[index + 1];
    const neededUntil = next ? new Date(next.signsFrom.getTime() + lingerMs) : null;
    if (key === signing) return { key, state: 'SIGNING', neededUntil };
    if (!begun.includes(key)) return { key, state: 'NEXT', neededUntil };
    const isNeeded = neededUntil !== null && now < neededUntil;
    return { key, state: isNeeded ? 'LINGERING' : 'RETIRED', neededUntil };
  });
}

function asSet(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    const isSet = typeof value === 'object' && value !== null && 'keys' in value;
    return isSet ? value : { keys: [value] };
  } catch {
    return null;
  }
}
