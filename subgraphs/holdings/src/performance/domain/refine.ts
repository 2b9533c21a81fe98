import {
  type DatedAmount,
  dailyOf,
  discounted,
  exactSign,
  type Fixed,
  one,
  signOf,
  worthOf,
} from './discounting.ts';

/** Forces of interest between which the discounted sum changes its sign once. */
export type Bracket = { readonly low: number; readonly high: number };

const daysPerYear = 365;
const guessSteps = 60;
const newtonStepsMax = 12;
const halvingsMax = 160;
/** 1e-24: closer than this two daily factors tell rates apart that agree in some 20 digits. */
const close: Fixed = one / 10n ** 24n;

/**
 * The daily factor at which the sum is zero, to 20 digits and more. Floats give the place to start
 * from; that the root lies where it is said to lie is proven without them, or else it is found by
 * halving without them.
 */
export function refined(flows: readonly DatedAmount[], bracket: Bracket): Fixed {
  const guess = newton(flows, dailyOf(guessed(flows, bracket)));
  return guess !== null && isProven(flows, guess) ? guess : halved(flows, bracket);
}

function newton(flows: readonly DatedAmount[], from: Fixed): Fixed | null {
  let daily = from;
  for (let step = 0; step < newtonStepsMax; step += 1) {
    const { value, slope } = discounted(flows, daily);
    if (value === 0n) return daily;
    if (slope === 0n) return null;
    const move = (value * daily) / slope;
    daily -= move;
    if (daily <= 0n || daily > one) return null;
    if (-close < move && move < close) return daily;
  }
  return null;
}

/** The sum has another sign on the one side of it than on the other. */
const isProven = (flows: readonly DatedAmount[], daily: Fixed): boolean =>
  signOf(worthOf(flows, daily - close)) !== signOf(worthOf(flows, daily + close));

function halved(flows: readonly DatedAmount[], bracket: Bracket): Fixed {
  let [low, high] = [dailyOf(bracket.high), dailyOf(bracket.low)];
  const lowSign = signOf(worthOf(flows, low));
  for (let step = 0; step < halvingsMax && high - low > close; step += 1) {
    const middle = (low + high) / 2n;
    const sign = signOf(worthOf(flows, middle));
    if (sign === 0) return middle;
    if (sign === lowSign) low = middle;
    else high = middle;
  }
  return (low + high) / 2n;
}

/** Halves by floats, whose signs near zero nobody relies on. */
function guessed(flows: readonly DatedAmount[], bracket: Bracket): number {
  const terms = flows.map(({ days, amount }) => ({
    years: days / daysPerYear,
    amount: Number(amount),
  }));
  const at = (force: number) =>
    terms.reduce((all, { years, amount }) => all + amount * Math.exp(-force * years), 0);
  let { low, high } = bracket;
  const lowSign = exactSign(flows, low);
  for (let step = 0; step < guessSteps; step += 1) {
    const middle = (low + high) / 2;
    if (Math.sign(at(middle)) === lowSign) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
