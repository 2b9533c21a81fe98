import { describe, expect, test } from 'vitest';
import { useBank } from './bank.ts';
import { exDate, useSplits } from './split-story.ts';
import { fundsHeld, placedAtVenue } from './story.ts';

const bank = useBank();
const { admin, gtc, splits } = useSplits(bank);

describe('the schema refuses', () => {
  const refused = async (...statements: readonly string[]): Promise<string> => {
    try {
      await admin().$transaction(statements.map((sql) => admin().$executeRawUnsafe(sql)));
    } catch (error) {
      return String(error);
    }
    return 'it was allowed';
  };
  const line = (id: string, sequence: number, quantity: number) => `INSERT INTO order_event
    (order_id, sequence, event, from_status, to_status, cumulative_quantity, leaves_quantity,
     occurred_at, action_id, ex_date, numerator, denominator, goes_on, order_quantity,
     quantity_before, limit_price_before, limit_price_after, venue_price_before, venue_price_after)
    VALUES ('${id}', ${sequence}, 'REBASED', 'RESERVING', 'RESERVING', 0, ${quantity}, now(),
      gen_random_uuid(), '${exDate}', 4, 1, true, ${quantity}, 10, 50, 12.5, 50, 12.5)`;
  const row = (id: string, what: string) =>
    `UPDATE "order" SET version = version + 1, ${what} WHERE id = '${id}'`;

  test('other terms than the history tells, on either side', async () => {
    const id = await gtc();
    expect(await refused(row(id, 'quantity = 40'))).toContain('its terms never change');
    const unsaid = row(id, 'rebasings = 1, quantity = 40, limit_price = 12.5, venue_price = 12.5');
    expect(await refused(unsaid)).toMatch(/differ/);
    expect(await refused(line(id, 2, 40))).toMatch(/differ/);
    const other = row(id, 'rebasings = 1, quantity = 41, limit_price = 12.5, venue_price = 12.5');
    expect(await refused(line(id, 2, 40), other)).toContain('quantity or prices differ');
    const right = row(id, 'rebasings = 1, quantity = 40, limit_price = 12.5, venue_price = 12.5');
    expect(await refused(line(id, 2, 40), right)).toBe('it was allowed');
  });

  test('half a split, a split twice, and a change of one that was told', async () => {
    const id = await gtc();
    const half = line(id, 2, 40)
      .replace("'REBASED'", "'RESERVED'")
      .replace("'RESERVING', 0", "'OPEN', 0");
    expect(await refused(half)).toContain('order_event_');
    await bank.deliver(fundsHeld(id), placedAtVenue(id));
    await splits();
    const again = `INSERT INTO order_event SELECT (jsonb_populate_record(e,
      jsonb_build_object('sequence', e.sequence + 1, 'from_status', e.to_status))).*
      FROM order_event e WHERE order_id = '${id}' AND event = 'REBASED'`;
    expect(await refused(again)).toContain('order_event_order_id_action_id_key');
    expect(await refused('UPDATE split SET numerator = 5')).toContain('it never changes');
    expect(await refused('DELETE FROM split')).toContain('append-only');
  });
});
