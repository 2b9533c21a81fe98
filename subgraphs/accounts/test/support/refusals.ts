import { readdirSync, readFileSync } from 'node:fs';
import type { Viewer } from '@simplebank/chassis/auth';
import { type DocumentNode, Kind, parse, type TypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { resultOf } from '../builders.ts';
import type { Bank } from './bank.ts';
import { openSql, type Sql } from './sql.ts';

const home = new URL('../../', import.meta.url);
const read = (file: string): DocumentNode => parse(readFileSync(new URL(file, home), 'utf8'));

/** A request that must be refused, made when its turn comes. */
type RefusedRequest = {
  readonly viewer: Viewer;
  readonly input: object;
  /** Tables that change by rule although the command is refused: attempts, an ended session. */
  readonly changes?: readonly string[];
};
export type RefusalCase = (bank: Bank) => Promise<RefusedRequest>;
/** By `<mutation>.<CODE>`. */
export type RefusalCases = Readonly<Record<string, RefusalCase>>;

type Refusal = { readonly mutation: string; readonly inputType: string; readonly type: string };

/**
 * One test per refusal that the schema file names, and one that no refusal is without a case: each
 * is reached through the door, says its code in words, and leaves no row and no event behind.
 */
export function testRefusals(file: string, bankOf: () => Bank, cases: RefusalCases): void {
  const refusals = refusalsOf(file);

  test(`every refusal that ${file} names has a case, and no other`, () => {
    expect(refusals.size).toBeGreaterThan(0);
    expect(Object.keys(cases).toSorted()).toEqual([...refusals.keys()].toSorted());
  });

  test.each([...refusals].map(([name, refusal]) => ({ name, refusal })))(
    '$name is answered in words and leaves nothing behind',
    async ({ name, refusal }) => {
      const arrange = cases[name];
      if (!arrange) throw new Error(`${name} has no case`);
      const bank = bankOf();
      const request = await arrange(bank);
      const sql = await openSql(bank.databaseUrl);
      try {
        const before = await tableDigests(sql);
        const { __typename, code, message } = await ask(bank, refusal, request);
        expect({ __typename, code }).toEqual({ __typename: refusal.type, code: codeIn(name) });
        expect(message.trim()).not.toBe('');
        const after = await tableDigests(sql);
        expect(changed(before, after)).toEqual([...(request.changes ?? [])].toSorted());
      } finally {
        await sql.end();
      }
    },
  );
}

const codeIn = (name: string): string => name.slice(name.indexOf('.') + 1);

type Refused = { readonly __typename: string; readonly code: string; readonly message: string };

async function ask(bank: Bank, refusal: Refusal, { viewer, input }: RefusedRequest) {
  const { mutation, inputType, type } = refusal;
  const text = `mutation ($input: ${inputType}!) { ${mutation}(input: $input) {
    __typename ... on ${type} { code message } } }`;
  return resultOf<Refused>(await bank.as(viewer)(text, { input }), mutation);
}

/** How many rows each table has and a digest of all of them, so that nothing changes unseen. */
async function tableDigests(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const tables = await sql(
    `SELECT format('%I', relname) AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
  );
  const digests = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await sql(
      `SELECT count(*) || ':' || md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))
         AS digest FROM ${String(name)} AS t`,
    );
    digests.set(String(name), String(row?.['digest']));
  }
  return digests;
}

const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) =>
  [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name);

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);

/** The refusals of the mutations whose result types stand in this file. */
function refusalsOf(file: string): ReadonlyMap<string, Refusal> {
  const { definitions } = read(file);
  const found = new Map<string, Refusal>();
  for (const mutation of mutations()) {
    const union = definitions.find(
      (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === mutation.resultType,
    );
    if (union?.kind !== Kind.UNION_TYPE_DEFINITION) continue;
    const members = (union.types ?? []).map(({ name }) => name.value);
    for (const type of members.filter((name) => name.endsWith('Refusal'))) {
      for (const code of codesOf(type)) {
        const { name, inputType } = mutation;
        found.set(`${name}.${code}`, { mutation: name, inputType, type });
      }
    }
  }
  return found;
}

function mutations() {
  const root = read('schema.graphql').definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Mutation',
  );
  if (root?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error('the schema has no mutation');
  return (root.fields ?? []).map(({ name, type, arguments: given }) => {
    const input = given?.find((argument) => argument.name.value === 'input');
    const inputType = input ? namedType(input.type) : '';
    return { name: name.value, resultType: namedType(type), inputType };
  });
}

/** The values of the enum that the refusal's `code` has; it may stand in any file. */
function codesOf(type: string): readonly string[] {
  const parts = readdirSync(new URL('schema/', home)).map((name) => read(`schema/${name}`));
  const nodes = parts.flatMap(({ definitions }) => definitions);
  const refusal = nodes.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === type,
  );
  if (refusal?.kind !== Kind.OBJECT_TYPE_DEFINITION) throw new Error(`${type} is not defined`);
  const code = refusal.fields?.find(({ name }) => name.value === 'code');
  const enumName = code ? namedType(code.type) : '';
  const codes = nodes.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === enumName,
  );
  if (codes?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error(`${type} has no codes`);
  return (codes.values ?? []).map(({ name }) => name.value);
}
