import type { PaymentProvider, ProviderNotice } from '@simplebank/accounts/simulation';
import type { Dice } from './dice.ts';
import type { Tally } from './tally.ts';

/** How the payment provider misbehaves; each is a chance from 0 to 1. */
export type Manners = {
  readonly refuses: number;
  /** Takes back what it has confirmed, days later. */
  readonly returns: number;
  readonly callsLost: number;
  readonly answersLost: number;
  /** The same notice again. */
  readonly repeats: number;
  /** A notice that never comes: whoever wants to know has to ask. */
  readonly forgets: number;
  /** How long a payment may take. */
  readonly delayMsMax: number;
};

export type Payer = {
  readonly provider: PaymentProvider;
  /** When it will next have something to tell; null when it has told all. */
  readonly nextAt: () => Date | null;
  /** While it is calm it answers at once, and confirms what is new. */
  readonly setCalm: (calm: boolean) => void;
};

type Known = {
  readonly answersAt: number;
  readonly refused: boolean;
  readonly returnedAt: number | null;
};
type Planned = { readonly at: number; readonly notice: Omit<ProviderNotice, 'at'> };
type Desk = {
  readonly dice: Dice;
  readonly now: () => Date;
  readonly manners: Manners;
  readonly tally: Tally;
  readonly known: Map<string, Known>;
  planned: Planned[];
  readonly told: ProviderNotice[];
  calm: boolean;
  heard: boolean;
};

const returnMsMax = 36 * 3_600_000;
const pageMax = 20;

/** A payment provider in memory: it outlives every crash of ours, and forgets no payment. */
export function createPayer(
  { dice, now, tally }: Pick<Desk, 'dice' | 'now' | 'tally'>,
  manners: Manners,
): Payer {
  const desk: Desk = {
    ...{ dice, now, tally, manners, known: new Map(), planned: [], told: [] },
    ...{ calm: true, heard: false },
  };
  const provider: PaymentProvider = {
    name: 'provider',
    async submit({ paymentId }) {
      loseCall(desk);
      if (!desk.known.has(paymentId)) learn(desk, paymentId);
      if (!desk.calm && dice.flip(manners.answersLost)) throw new Error('the answer was lost');
    },
    async status({ paymentId }) {
      loseCall(desk);
      return stateOf(desk.known.get(paymentId), now().getTime());
    },
    async notices(after) {
      loseCall(desk);
      desk.heard = true;
      tellDue(desk);
      const from = Number(after || '0');
      const notices = desk.told.slice(from, from + pageMax);
      return { notices, resumePoint: String(from + notices.length) };
    },
  };
  return {
    provider,
    nextAt: () => {
      const times = desk.planned.map(({ at }) => at);
      return desk.heard && times.length > 0 ? new Date(Math.min(...times)) : null;
    },
    setCalm: (calm) => {
      desk.calm = calm;
    },
  };
}

function loseCall({ dice, manners, calm }: Desk): void {
  if (!calm && dice.flip(manners.callsLost)) throw new Error('the provider was not reached');
}

function stateOf(payment: Known | undefined, now: number) {
  if (!payment) return { state: 'UNKNOWN' } as const;
  const { answersAt, refused, returnedAt } = payment;
  if (now < answersAt) return { state: 'PENDING' } as const;
  if (refused) return { state: 'REFUSED', reason: 'REFUSED_BY_PROVIDER' } as const;
  if (returnedAt === null || now < returnedAt) return { state: 'CONFIRMED' } as const;
  return { state: 'RETURNED', reason: 'TAKEN_BACK' } as const;
}

function learn(desk: Desk, paymentId: string): void {
  const { dice, now, manners, known, planned, calm, tally } = desk;
  const answersAt = now().getTime() + (calm ? 0 : dice.between(0, manners.delayMsMax));
  const refused = !calm && dice.flip(manners.refuses);
  const returned = !calm && !refused && dice.flip(manners.returns);
  const returnedAt = returned ? answersAt + dice.between(0, returnMsMax) : null;
  known.set(paymentId, { answersAt, refused, returnedAt });
  const plan = (kind: ProviderNotice['kind'], at: number) => {
    const reason = kind === 'CONFIRMED' ? null : `told as ${kind}`;
    const notice = { noticeId: `${paymentId}-${kind}`, paymentId, kind, reason };
    const again = dice.flip(manners.repeats) ? [at + dice.between(0, manners.delayMsMax)] : [];
    if (dice.flip(manners.forgets) && kind !== 'RETURNED') {
      tally.count('notices forgotten');
      return;
    }
    tally.count('notices repeated', again.length);
    planned.push(...[at, ...again].map((when) => ({ at: when, notice })));
  };
  plan(refused ? 'REFUSED' : 'CONFIRMED', answersAt);
  if (returnedAt !== null) plan('RETURNED', returnedAt);
}

/** What is due is told in any order. */
function tellDue(desk: Desk): void {
  const now = desk.now();
  const isDue = ({ at }: Planned) => at <= now.getTime();
  const due = desk.planned.filter(isDue);
  desk.planned = desk.planned.filter((one) => !isDue(one));
  while (due.length > 0) {
    const [{ notice }] = due.splice(desk.dice.between(0, due.length - 1), 1) as [Planned];
    desk.told.push({ ...notice, at: now });
  }
}
