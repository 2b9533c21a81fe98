import type { Decimal } from '@simplebank/kernel/decimal';

/** What a participant asks for. Nothing may trade beyond the limit price. */
export type Instruction = {
  /** The participant's own id of the order; one that is known makes no second order. */
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  /** Either this or `tradeValue`, the most that may be spent on shares. */
  readonly quantity: Decimal | null;
  readonly tradeValue: Decimal | null;
  readonly limitPrice: Decimal;
  /** It sleeps until the last price has reached this; null: it trades at once. */
  readonly stopPrice: Decimal | null;
  readonly expiresAt: Date;
};

/** An order in the book. */
export type BookOrder = Instruction & {
  readonly venueOrderId: string;
  /** Its stop was reached once: it stays awake whatever the price does. */
  readonly triggered: boolean;
  readonly cancelAsked: boolean;
  readonly filledQuantity: Decimal;
  readonly filledValue: Decimal;
  readonly executions: number;
};

/** Too little to come in parts: it fills at once. */
export const isBelowOneShare = ({ quantity, tradeValue, limitPrice }: Instruction): boolean =>
  quantity === null ? (tradeValue ?? limitPrice).lessThan(limitPrice) : quantity.lessThan(1);

/** Takes at once what it finds; nothing of it waits. */
export const isImmediate = ({ timeInForce }: Pick<Instruction, 'timeInForce'>): boolean =>
  timeInForce === 'IOC' || timeInForce === 'FOK';

/** Takes the price that there is, within its limit, the collar. */
const isMarket = ({ type }: Instruction): boolean => type === 'MARKET' || type === 'STOP';

/** What it cannot get when it trades ends, instead of waiting. */
export const hasEndingRest = (order: BookOrder): boolean => isImmediate(order) || isMarket(order);
