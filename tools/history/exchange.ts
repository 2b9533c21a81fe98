import type { Clock } from '@simplebank/kernel/clock';
import { Decimal } from '@simplebank/kernel/decimal';
import { truncateQuantity } from '@simplebank/kernel/money';
import type { Instruction, PlaceAnswer, Venue, VenueReport } from '@simplebank/market/simulation';

/** Not that of the live venue: its reports are read from their beginning. */
const name = 'exchange-of-the-past';
const tick = new Decimal('0.01');
/** Larger orders trade in two parts. */
const wholeBelow = 10;

export type ExchangeOptions = {
  readonly clock: Clock;
  /** The last price of now. */
  readonly priceOf: (symbol: string) => Decimal;
};

/** An exchange at which each order trades at once and whole, a tick from the last price. */
export function createExchange({ clock, priceOf }: ExchangeOptions): Venue {
  const reports: VenueReport[] = [];
  const answers = new Map<string, PlaceAnswer>();

  function place(instruction: Instruction): PlaceAnswer {
    const { clientId } = instruction;
    const known = answers.get(clientId);
    if (known) return known;
    const [venueOrderId, at] = [`P-${clientId}`, clock.now()];
    const answer = { kind: 'ACKNOWLEDGED', clientId, venueOrderId, at } as const;
    answers.set(clientId, answer);
    const last = priceOf(instruction.symbol);
    const price = instruction.side === 'BUY' ? last.plus(tick) : last.minus(tick);
    for (const [index, quantity] of partsOf(instruction, price).entries()) {
      const executionId = `${venueOrderId}-${index + 1}`;
      const trade = { executionId, quantity, price, at };
      reports.push({ kind: 'EXECUTED', clientId, venueOrderId, ...trade });
    }
    reports.push({ kind: 'ENDED', clientId, venueOrderId, outcome: 'FILLED', at });
    return answer;
  }

  return {
    name,
    place: async (instructions) => instructions.map(place),
    find: async (ids) => ids.flatMap((id) => answers.get(id) ?? []),
    cancel: async (ids) => ids.map((clientId) => ({ clientId, accepted: false })),
    // Nothing waits here that a split could find.
    replace: async () => [],
    async reports(after) {
      const from = Number(after || '0');
      return { reports: reports.slice(from), resumePoint: String(reports.length) };
    },
    quotes: async (symbols) => new Map(symbols.map((symbol) => [symbol, quoteOf(priceOf(symbol))])),
  };
}

const quoteOf = (last: Decimal) => ({ bid: last.minus(tick), ask: last.plus(tick), last });

function partsOf({ quantity, tradeValue }: Instruction, price: Decimal): readonly Decimal[] {
  const whole = quantity ?? truncateQuantity((tradeValue ?? new Decimal(0)).div(price));
  if (whole.lessThan(wholeBelow)) return [whole];
  const first = whole.times(3).div(5).floor();
  return [first, whole.minus(first)];
}
