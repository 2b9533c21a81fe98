import type { Result } from '@simplebank/kernel/result';
import { savePreference } from '../data/preferences.ts';
import type { Deps } from '../deps.ts';
import {
  checkPreference,
  type Preference,
  type PreferenceRefusalCode,
} from '../domain/preference.ts';
import { once } from './once.ts';

export type PreferenceDraft = Preference & {
  readonly customerId: string;
  readonly idempotencyKey: string | null;
};

/** Chooses for one kind and channel; it counts for whatever is sent from now on. */
export function setPreference(
  deps: Deps,
  { customerId, idempotencyKey: key, ...preference }: PreferenceDraft,
): Promise<Result<Preference, PreferenceRefusalCode | 'IDEMPOTENCY_KEY_REUSED'>> {
  const ask = { ownerId: customerId, key, command: 'setNotificationPreference', input: preference };
  return once(deps, ask, async (tx) => {
    const offered = deps.channels.map(({ name }) => name);
    const checked = checkPreference(preference, offered);
    if (!checked.ok) return checked;
    await savePreference(tx, { customerId, ...checked.value, changedAt: deps.clock.now() });
    return checked;
  });
}
