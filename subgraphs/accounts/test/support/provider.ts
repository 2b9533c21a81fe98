import type { NoticeKind } from '../../src/payments/domain/notice.ts';
import type { PaymentOrder, PaymentProvider, ProviderState } from '../../src/payments/provider.ts';
import { jobs } from '../../src/worker.ts';
import type { Bank } from './bank.ts';

export type Told = { readonly paymentId: string; readonly kind: NoticeKind; readonly id?: string };

/** A payment provider that says what a test tells it to, and remembers what it was asked. */
export function scriptedProvider() {
  const told: Told[] = [];
  const states = new Map<string, ProviderState>();
  const submitted: PaymentOrder[] = [];
  const asked: string[] = [];
  const provider: PaymentProvider = {
    name: 'scripted',
    submit: async (order) => {
      submitted.push(order);
    },
    status: async ({ paymentId }) => {
      asked.push(paymentId);
      return states.get(paymentId) ?? { state: 'PENDING' };
    },
    notices: async (after) => {
      const from = Number(after || '0');
      const notices = told.slice(from).map(({ paymentId, kind, id }) => ({
        noticeId: id ?? `${paymentId}-${kind}`,
        ...{ paymentId, kind, reason: kind === 'CONFIRMED' ? null : `${kind} by bank` },
        at: new Date('2026-11-20T15:00:00.000Z'),
      }));
      return { notices, resumePoint: String(told.length) };
    },
  };
  return { provider, states, submitted, asked, tell: (...more: Told[]) => told.push(...more) };
}
export type Scripted = ReturnType<typeof scriptedProvider>;

/** One run of the payment job with this provider instead of the bank's own. */
export async function runWith(bank: Bank, provider: PaymentProvider): Promise<void> {
  const all = jobs({ ...bank.deps, provider });
  await all.find(({ name }) => name === 'advance-payments')?.run();
}
