import type { PaymentProvider, ProviderNotice } from '@simplebank/accounts/simulation';
import type { Clock } from '@simplebank/kernel/clock';

/** Not that of the live provider: its notices are read from their beginning. */
const name = 'provider-of-the-past';

/** A payment provider that confirms whatever it is asked for, at once. */
export function createPayer({ now }: Clock): PaymentProvider {
  const told: ProviderNotice[] = [];
  const known = new Set<string>();
  return {
    name,
    async submit({ paymentId }) {
      if (known.has(paymentId)) return;
      known.add(paymentId);
      const noticeId = `past-${paymentId}`;
      told.push({ noticeId, paymentId, kind: 'CONFIRMED', reason: null, at: now() });
    },
    status: async ({ paymentId }) => ({ state: known.has(paymentId) ? 'CONFIRMED' : 'UNKNOWN' }),
    async notices(after) {
      const from = Number(after || '0');
      return { notices: told.slice(from), resumePoint: String(told.length) };
    },
  };
}
