import type { Damage } from './damage.ts';

/** A kind of damage for every law that the reconciler proves. */
export const damages: readonly Damage[] = [
  {
    what: 'the entries of a buy are deleted',
    ...{ context: 'accounts', table: 'entry', set: null, law: 'accounts book every execution' },
    rows: `transaction_id = (SELECT id FROM transaction WHERE kind = 'BUY' ORDER BY id LIMIT 1)`,
  },
  {
    what: 'one entry of a sale is changed',
    ...{ context: 'accounts', table: 'entry', set: 'amount = amount + 0.01', ofBank: true },
    law: 'entries sum to 0',
    rows: `id = (SELECT min(e.id) FROM entry e JOIN transaction t ON t.id = e.transaction_id
                 WHERE t.kind = 'SALE')`,
  },
  {
    what: 'cash is posted without an entry',
    ...{ context: 'accounts', table: 'ledger_account', set: 'posted = posted + 5' },
    law: 'posted = entries',
    rows: `kind = 'cash'`,
  },
  {
    what: 'a deposit is said to be larger than what was booked',
    ...{ context: 'accounts', table: 'payment', set: 'amount = amount + 1' },
    law: 'cash = payments − net buys − fees + dividends',
    rows: `kind = 'DEPOSIT'`,
  },
  {
    what: 'money is held for nothing',
    ...{ context: 'accounts', table: 'ledger_account', set: 'held = held + 1' },
    law: 'held = open holds',
    rows: `kind = 'cash'`,
  },
  {
    what: 'a sale is forgotten in what is unsettled',
    ...{ context: 'accounts', table: 'ledger_account', set: 'unsettled = 0' },
    law: 'unsettled = open sales',
    rows: `kind = 'cash'`,
  },
  {
    what: 'the hold of an open buy is lost',
    ...{ context: 'accounts', table: 'hold', set: null, law: 'holds for open buys only' },
    rows: `id IN (SELECT h.id FROM hold h WHERE NOT EXISTS (
             SELECT FROM hold_resolution r WHERE r.hold_id = h.id))`,
  },
  {
    what: 'the hold of a buy that has ended is open again',
    ...{ context: 'accounts', table: 'hold_resolution', set: null },
    law: 'holds for open buys only',
    rows: `true`,
  },
  {
    what: 'an execution was never booked in money',
    ...{ context: 'accounts', table: 'settlement_item', set: null },
    law: 'accounts book every execution',
    rows: `side = 'SELL'`,
  },
  {
    what: 'a position is larger than what was bought',
    ...{ context: 'holdings', table: 'position', set: 'quantity = quantity + 1' },
    law: 'positions = fills × splits',
    rows: `quantity = 3`,
  },
  {
    what: 'a split is forgotten',
    ...{ context: 'holdings', table: 'position_action', set: 'quantity_after = quantity' },
    law: 'positions = fills × splits',
    rows: `quantity_after IS NOT NULL`,
  },
  {
    what: 'a split was carried out on more than there was',
    ...{ context: 'holdings', table: 'position_action', set: 'quantity = quantity + 1' },
    law: 'shares before a split = trades',
    rows: `quantity_after IS NOT NULL`,
  },
  {
    what: 'a split lost a part of a share',
    ...{ context: 'holdings', table: 'position_action' },
    ...{ set: 'quantity_after = quantity_after - 0.000000001' },
    law: 'shares after a split = floor',
    rows: `quantity_after IS NOT NULL`,
  },
  {
    what: 'a split gave a lot too much',
    ...{ context: 'holdings', table: 'lot_split', set: 'quantity_after = quantity_after + 1' },
    law: 'lots after a split = position',
    rows: `true`,
  },
  {
    what: 'a dividend is known with another amount',
    ...{ context: 'accounts', table: 'dividend_entitlement', set: 'amount = amount + 0.01' },
    law: 'accounts know every dividend due',
    rows: `true`,
  },
  {
    what: 'a dividend is said to be paid that was not',
    ...{ context: 'accounts', table: 'dividend_entitlement', set: 'paid = amount' },
    law: 'cash = payments − net buys − fees + dividends',
    rows: `true`,
  },
  {
    what: 'a lot has lost a share',
    ...{ context: 'holdings', table: 'lot', set: 'remaining = remaining / 2' },
    law: 'position = lots',
    rows: `id = (SELECT id FROM lot WHERE remaining > 0 ORDER BY remaining DESC, id LIMIT 1)`,
  },
  {
    what: 'a lot has lost a cent',
    ...{ context: 'holdings', table: 'lot', set: 'remaining_cost = remaining_cost - 0.01' },
    law: 'taken + left = bought',
    rows: `id = (SELECT id FROM lot WHERE remaining > 0 ORDER BY remaining DESC, id LIMIT 1)`,
  },
  {
    what: 'the reservation of an open sale is lost',
    ...{ context: 'holdings', table: 'reservation', set: null },
    law: 'reservations for open sales only',
    rows: `state = 'RESERVED'`,
  },
  {
    what: 'a reservation outlives its sale',
    ...{ context: 'holdings', table: 'reservation', set: `state = 'RESERVED'` },
    law: 'reservations for open sales only',
    rows: `state = 'ENDED'`,
  },
  {
    what: 'shares are reserved for nothing',
    ...{ context: 'holdings', table: 'position', set: 'reserved = reserved + 1' },
    law: 'reserved = open reservations',
    rows: `quantity = 3`,
  },
  {
    what: 'a deposit is lost in what accounts are valued with',
    ...{ context: 'holdings', table: 'cash_fact', set: null },
    law: 'cash reckoned by holdings = ledger',
    rows: `kind = 'DEPOSIT'`,
  },
  {
    what: 'the history of a position has lost a share',
    ...{ context: 'holdings', table: 'position_step', set: 'quantity = quantity - 1' },
    law: 'positions = executions through splits',
    rows: `quantity = 3`,
  },
  {
    what: 'an execution was never booked in shares',
    ...{ context: 'holdings', table: 'execution', set: null },
    law: 'holdings book every execution',
    rows: `side = 'SELL'`,
  },
  {
    what: 'an execution of the market was lost by orders',
    ...{ context: 'orders', table: 'order_event', set: null },
    law: 'orders know what the market reported',
    rows: `execution_id IS NOT NULL`,
  },
  {
    what: 'orders counts an execution that the market never reported',
    ...{ context: 'market', table: 'execution', set: null },
    law: 'orders know what the market reported',
    rows: `true`,
  },
  {
    what: 'an order has forgotten what it was filled with',
    ...{ context: 'orders', table: 'order', set: 'filled_value = filled_value - 1' },
    law: 'order = its executions',
    rows: `status = 'FILLED'`,
  },
  {
    what: 'a copy of an account says another state',
    ...{ context: 'orders', table: 'account', set: `status = 'FROZEN'` },
    law: 'account copies equal their owner',
    rows: `true`,
  },
  {
    what: 'a copy of an account is missing',
    ...{ context: 'notifications', table: 'account', set: null },
    law: 'account copies equal their owner',
    rows: `true`,
  },
  {
    what: 'accounts remembers an open order as ended',
    ...{ context: 'accounts', table: 'account_order', set: 'ended = true' },
    law: 'order copies equal their owner',
    rows: `NOT ended`,
  },
  {
    what: 'accounts remembers a position as empty',
    ...{ context: 'accounts', table: 'account_position', set: 'quantity = 0' },
    law: 'position copies equal their owner',
    rows: `quantity = 3`,
  },
  {
    what: 'strategies reckons with an older position than there is',
    ...{ context: 'strategies', table: 'position', set: 'version = version - 1' },
    law: 'position copies equal their owner',
    rows: `quantity = 3`,
  },
  {
    what: 'a copy of an asset is older than its owner',
    ...{ context: 'market', table: 'instrument', set: 'version = version - 1', ofBank: true },
    law: 'asset copies equal their owner',
    rows: `symbol = 'ABC'`,
  },
];
