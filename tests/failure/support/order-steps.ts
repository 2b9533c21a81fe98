import type { Fault } from './planted-fault.ts';

const line = (what: string, event: string): Fault => ({
  ...{ what, context: 'orders', table: 'order_event', verb: 'INSERT' },
  when: `NEW.event = '${event}'`,
});
const atVenue = (what: string, when: string): Fault => ({
  ...{ what, context: 'market', table: 'venue_order', verb: 'UPDATE', when },
});

/** Every write by which an order goes on, and every one that undoes what another has done. */
export const orderSteps: readonly Fault[] = [
  line('the order is written', 'CREATED'),
  {
    ...{ what: 'cash is held', context: 'accounts', table: 'hold', verb: 'INSERT' },
    when: `NEW.purpose = 'ORDER'`,
  },
  {
    ...{ what: 'a hold is refused', context: 'accounts', table: 'order_booking' },
    ...{ verb: 'INSERT OR UPDATE', when: `NEW.state = 'REFUSED'` },
  },
  {
    ...{ what: 'shares are reserved', context: 'holdings', table: 'reservation' },
    ...{ verb: 'INSERT OR UPDATE', when: `NEW.state = 'RESERVED'` },
  },
  line('the order hears that it may open', 'RESERVED'),
  line('the order hears of the refusal', 'REFUSED'),
  { what: 'the intent is written', context: 'market', table: 'venue_order', verb: 'INSERT' },
  atVenue('the answer of the venue, which accepted, is recorded', `NEW.state = 'ACKNOWLEDGED'`),
  atVenue('the refusal of the venue is recorded', `NEW.outcome = 'FAILED'`),
  line('the order hears that it is placed', 'PLACED'),
  line('the order hears that the venue refuses', 'VENUE_FAILED'),
  { what: 'an execution is recorded', context: 'market', table: 'execution', verb: 'INSERT' },
  line('the order books an execution', 'EXECUTED'),
  { what: 'cash is captured', context: 'accounts', table: 'hold_capture', verb: 'INSERT' },
  {
    ...{ what: 'proceeds are credited', context: 'accounts', table: 'settlement_item' },
    ...{ verb: 'INSERT', when: `NEW.side = 'SELL'` },
  },
  { what: 'shares are booked', context: 'holdings', table: 'lot', verb: 'INSERT' },
  { what: 'shares are taken away', context: 'holdings', table: 'lot_match', verb: 'INSERT' },
  line('the cancel is written', 'CANCEL_ASKED'),
  atVenue('the market hears of the cancel', `NEW.cancel_state = 'ASKED'`),
  atVenue('the end of a canceled order is recorded', `NEW.outcome = 'CANCELED'`),
  line('the order hears that it is canceled', 'VENUE_CANCELED'),
  {
    ...{ what: 'the rest of a hold goes back', context: 'accounts', table: 'hold_resolution' },
    verb: 'INSERT',
  },
  {
    ...{ what: 'the rest of a reservation goes back', context: 'holdings', table: 'reservation' },
    ...{ verb: 'UPDATE', when: `NEW.state = 'ENDED' AND OLD.state = 'RESERVED'` },
  },
];
