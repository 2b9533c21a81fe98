/**
 * Daily values from the definition alone, one day after another, in whole numbers: cash in cents,
 * shares in parts of 9 decimals, prices in millionths. Knows nothing of the code that it judges.
 */
export type OracleTrade = {
  readonly assetId: string;
  readonly day: string;
  /** In parts of a share; negative for a sale. */
  readonly parts: bigint;
  /** By what cash is moved, in cents. */
  readonly cents: bigint;
};
export type OracleFact = { readonly day: string; readonly cents: bigint; readonly isFlow: boolean };
type OracleSplit = {
  readonly assetId: string;
  readonly day: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
};
export type OracleMarket = {
  /** By asset and day, in millionths. */
  readonly closes: ReadonlyMap<string, bigint>;
  readonly splits: readonly OracleSplit[];
};
export type OracleDay = {
  readonly day: string;
  readonly cash: bigint;
  readonly shares: bigint | null;
  readonly inflow: bigint;
  readonly outflow: bigint;
};

type History = { readonly trades: readonly OracleTrade[]; readonly facts: readonly OracleFact[] };

const next = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const isLess = (value: bigint): boolean => value < 0n;
const floorToZero = (a: bigint, b: bigint): bigint => a / b;

/** Half up, away from zero. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const size = isLess(numerator) ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return isLess(numerator) ? -rounded : rounded;
}

export function oracleDays(history: History, market: OracleMarket, through: string): OracleDay[] {
  const { trades, facts } = history;
  const first = [...trades, ...facts].map(({ day }) => day).sort()[0];
  if (first === undefined) return [];
  const held = new Map<string, bigint>(trades.map(({ assetId }) => [assetId, 0n]));
  const last = new Map<string, { price: bigint; n: bigint; d: bigint }>();
  const days: OracleDay[] = [];
  let cash = 0n;
  // Closes from before the account began hold on its first days.
  for (let day = '2026-10-01'; day <= through; day = next(day)) {
    for (const split of market.splits.filter((one) => one.day === day)) {
      const parts = held.get(split.assetId);
      if (parts !== undefined) {
        held.set(split.assetId, floorToZero(parts * split.numerator, split.denominator));
      }
      const known = last.get(split.assetId);
      if (known) {
        const [n, d] = [known.n * split.numerator, known.d * split.denominator];
        last.set(split.assetId, { ...known, n, d });
      }
    }
    for (const assetId of held.keys()) {
      const price = market.closes.get(`${assetId} ${day}`);
      if (price !== undefined) last.set(assetId, { price, n: 1n, d: 1n });
    }
    const traded = trades.filter((one) => one.day === day);
    for (const { assetId, parts, cents } of traded) {
      held.set(assetId, (held.get(assetId) ?? 0n) + parts);
      cash += cents;
    }
    const today = facts.filter((one) => one.day === day);
    for (const { cents } of today) cash += cents;
    if (day < first) continue;
    const flows = today.filter(({ isFlow }) => isFlow).map(({ cents }) => cents);
    days.push({
      day,
      cash,
      shares: worth(held, last),
      inflow: flows.filter((cents) => cents > 0n).reduce((all, cents) => all + cents, 0n),
      outflow: -flows.filter(isLess).reduce((all, cents) => all + cents, 0n),
    });
  }
  return days;
}

type Last = ReadonlyMap<string, { readonly price: bigint; readonly n: bigint; readonly d: bigint }>;

function worth(held: ReadonlyMap<string, bigint>, last: Last): bigint | null {
  let total = 0n;
  for (const [assetId, parts] of held) {
    if (parts === 0n) continue;
    const known = last.get(assetId);
    if (!known) return null;
    // Parts are 10^-9, prices 10^-6, cents 10^-2.
    total += halfUp(parts * known.price * known.d, 10n ** 13n * known.n);
  }
  return total;
}
