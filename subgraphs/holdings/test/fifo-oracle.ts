/**
 * First in, first out, written from the definition and from nothing else: no code of the bank is
 * imported, and every number is a whole number of cents or of billionths of a share.
 */
export type OracleTrade = {
  readonly name: string;
  readonly side: 'BUY' | 'SELL';
  /** `yyyy-mm-dd`. */
  readonly date: string;
  readonly parts: bigint;
  readonly cents: bigint;
  readonly feeCents: bigint;
};
export type OracleSplit = { readonly exDate: string; readonly n: bigint; readonly d: bigint };

type Parcel = { name: string; date: string; parts: bigint; cents: bigint; fee: bigint };

export type OracleTake = {
  readonly sale: string;
  readonly lot: string;
  readonly parts: bigint;
  readonly cost: bigint;
  readonly buyFee: bigint;
  readonly proceeds: bigint;
  readonly saleFee: bigint;
  readonly net: bigint;
  readonly term: string;
};

/** The given whole, cut by the given sizes; what is left over goes by the largest fractions. */
function shareOut(whole: bigint, sizes: readonly bigint[], names: readonly string[]): bigint[] {
  const all = sizes.reduce((a, b) => a + b, 0n);
  const rows = sizes.map((size, at) => {
    const exact = whole * size;
    return { at, size, name: names[at] ?? '', floor: exact / all, fraction: exact % all };
  });
  let left = whole - rows.reduce((a, { floor }) => a + floor, 0n);
  const result = rows.map(({ floor }) => floor);
  const queue = [...rows].sort((a, b) => {
    if (a.fraction !== b.fraction) return a.fraction > b.fraction ? -1 : 1;
    if (a.size !== b.size) return a.size > b.size ? -1 : 1;
    return a.name < b.name ? -1 : 1;
  });
  for (const { at } of queue) {
    if (left === 0n) break;
    result[at] = (result[at] ?? 0n) + 1n;
    left -= 1n;
  }
  return result;
}

/** a × b ÷ c to the nearest, halves up. */
function nearest(a: bigint, b: bigint, c: bigint): bigint {
  const [whole, rest] = [(a * b) / c, (a * b) % c];
  return 2n * rest >= c ? whole + 1n : whole;
}

/** One calendar year later; a year after 29 February has passed on 1 March. */
function heldOverAYear(bought: string, sold: string): boolean {
  const [year = 0, month = 0, day = 0] = bought.split('-').map(Number);
  const leapDay = month === 2 && day === 29;
  const anniversary = leapDay ? Date.UTC(year + 1, 1, 28) : Date.UTC(year + 1, month - 1, day);
  return Date.parse(`${sold}T00:00:00Z`) > anniversary;
}

function split(parcels: Parcel[], { n, d }: OracleSplit): void {
  const total = parcels.reduce((a, { parts }) => a + parts, 0n);
  const goal = (total * n) / d;
  const rows = parcels.map((parcel) => ({ parcel, fraction: (parcel.parts * n) % d }));
  const before = new Map(parcels.map((parcel) => [parcel, parcel.parts]));
  for (const { parcel } of rows) parcel.parts = (parcel.parts * n) / d;
  let left = goal - parcels.reduce((a, { parts }) => a + parts, 0n);
  rows.sort((a, b) => {
    if (a.fraction !== b.fraction) return a.fraction > b.fraction ? -1 : 1;
    const [x, y] = [before.get(a.parcel) ?? 0n, before.get(b.parcel) ?? 0n];
    return x === y ? 0 : x > y ? -1 : 1;
  });
  for (const { parcel } of rows) {
    if (left === 0n) break;
    parcel.parts += 1n;
    left -= 1n;
  }
}

function sell(parcels: Parcel[], trade: OracleTrade): OracleTake[] {
  const takes: { parcel: Parcel; parts: bigint; cost: bigint; fee: bigint }[] = [];
  let wanted = trade.parts;
  for (const parcel of parcels) {
    if (wanted === 0n) break;
    if (parcel.parts === 0n) continue;
    const all = parcel.parts <= wanted;
    const parts = all ? parcel.parts : wanted;
    const cost = all ? parcel.cents : nearest(parcel.cents, parts, parcel.parts);
    const fee = all ? parcel.fee : nearest(parcel.fee, parts, parcel.parts);
    takes.push({ parcel, parts, cost, fee });
    wanted -= parts;
  }
  if (wanted > 0n) throw new Error(`${trade.name} sells more than there is`);
  const sizes = takes.map(({ parts }) => parts);
  const names = takes.map(({ parcel }) => parcel.name);
  const proceeds = shareOut(trade.cents, sizes, names);
  const fees = shareOut(trade.feeCents, sizes, names);
  return takes.map(({ parcel, parts, cost, fee }, at) => {
    parcel.parts -= parts;
    parcel.cents -= cost;
    parcel.fee -= fee;
    const [got, paid] = [proceeds[at] ?? 0n, fees[at] ?? 0n];
    const term = heldOverAYear(parcel.date, trade.date) ? 'LONG' : 'SHORT';
    const of = { sale: trade.name, lot: parcel.name, parts, cost, buyFee: fee, term };
    return { ...of, proceeds: got, saleFee: paid, net: got - cost - fee - paid };
  });
}

/** Trades in their order, each split before the first trade of its ex-date. */
export function oracle(trades: readonly OracleTrade[], splits: readonly OracleSplit[] = []) {
  const parcels: Parcel[] = [];
  const takes: OracleTake[] = [];
  const coming = [...splits];
  const splitUntil = (date: string | null) => {
    for (let next = coming[0]; next && (date === null || next.exDate <= date); next = coming[0]) {
      split(parcels, next);
      coming.shift();
    }
  };
  for (const trade of trades) {
    splitUntil(trade.date);
    const { name, date, parts, cents, feeCents: fee } = trade;
    if (trade.side === 'BUY') parcels.push({ name, date, parts, cents, fee });
    else takes.push(...sell(parcels, trade));
  }
  splitUntil(null);
  return { parcels, takes };
}
