import { customer, type useBank } from './bank.ts';

export const staffId = '00000000-0000-4000-8000-0000000000bb';
const operations = customer(staffId, 'operations');
export const support = customer('00000000-0000-4000-8000-0000000000aa', 'support');

let count = 0;
/** A key that no other command has used. */
export const key = (): string => `staff-${count++}`;

type Bank = ReturnType<typeof useBank>;

/** What a command answered: done, the code of its refusal, or what its errors carry. */
export const asking =
  (bank: Bank) =>
  async (command: string, input: object, viewer = operations) => {
    const name = `${command[0]?.toUpperCase()}${command.slice(1)}`;
    const operation = command === 'previewOrder' ? 'query' : 'mutation';
    const query = `${operation} ($input: ${name}Input!) { ${command}(input: $input) {
      __typename ... on ${name}Refusal { code } } }`;
    const { data, errors } = await bank.ask(viewer, query, { input });
    if (errors.length > 0) return errors.map(({ extensions }) => extensions);
    const result = data?.[command] as { code?: string } | undefined;
    return result?.code ?? 'done';
  };

/** The lines of audit about a subject; of the digests whether they are there, and differ. */
export const auditing = (bank: Bank) => async (subject: string) => {
  const { audit } = bank.app.deps.db;
  const rows = await audit.findMany({ where: { subject }, orderBy: { id: 'asc' } });
  return rows.map(({ id: _, beforeDigest, afterDigest, ...row }) => ({
    ...row,
    digests: [beforeDigest !== null, afterDigest !== null, beforeDigest !== afterDigest],
  }));
};
