import type { WholeBank } from '../../e2e/whole-bank.ts';
import { force } from '../../ops/support/damage.ts';

/** A write that the database refuses for a while, whoever tries it. */
export type Fault = {
  readonly what: string;
  readonly context: string;
  readonly table: string;
  readonly verb: 'INSERT' | 'UPDATE' | 'INSERT OR UPDATE';
  /** Of the new row; every row when absent. */
  readonly when?: string;
};

export type Planted = {
  /** How often the write was tried so far. */
  readonly tries: () => Promise<number>;
  readonly remove: () => Promise<void>;
};

/**
 * Refuses the first `times` writes. A sequence counts them, because it forgets nothing when the
 * transaction around it is rolled back.
 */
export async function plant(bank: WholeBank, fault: Fault, times: number): Promise<Planted> {
  const { context, table, verb, when = 'true' } = fault;
  const place = { bank, context };
  await force(
    place,
    `CREATE SEQUENCE planted;
     CREATE FUNCTION planted_fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
       SET search_path = public AS $$ BEGIN
         IF nextval('planted') <= ${times} THEN RAISE EXCEPTION 'a planted fault'; END IF;
         RETURN NEW;
       END $$;
     CREATE TRIGGER planted_fault BEFORE ${verb} ON "${table}" FOR EACH ROW WHEN (${when})
       EXECUTE FUNCTION planted_fault()`,
  );
  return {
    tries: async () => {
      const tried = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS n FROM planted';
      return Number((await force(place, tried))[0]?.['n']);
    },
    remove: async () => {
      const ended = `DROP TRIGGER planted_fault ON "${table}"; DROP FUNCTION planted_fault();
        DROP SEQUENCE planted`;
      await force(place, ended);
    },
  };
}
