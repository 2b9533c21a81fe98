import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  validate,
  visit,
} from 'graphql';
import { root, type Unit } from './units.ts';
import { writeIfChanged } from './write.ts';

export type PersistedOperation = {
  readonly name: string;
  readonly id: string;
  readonly text: string;
};

/**
 * The operations of a gateway's application, each with the fragments it uses, as they are sent.
 * @throws Error that names an operation without a name, or one that does not fit the graph
 */
export function persistedOperations(
  document: DocumentNode,
  schema: GraphQLSchema,
): readonly PersistedOperation[] {
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(errors.map(String).join('\n\n'));
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => persisted(operation, document))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function persisted(operation: OperationDefinitionNode, document: DocumentNode) {
  const name = operation.name?.value;
  if (name === undefined) throw new Error('a persisted operation needs a name');
  const fragments = fragmentsOf(operation, document);
  const text = print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] });
  return { name, id: createHash('sha256').update(text).digest('hex'), text };
}

/** In the order of their names, so that the same operation has the same text and id. */
function fragmentsOf(operation: OperationDefinitionNode, document: DocumentNode) {
  const found = new Map<string, FragmentDefinitionNode>();
  const look = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name.value,
        );
        if (fragment?.kind !== Kind.FRAGMENT_DEFINITION || found.has(name.value)) return;
        found.set(name.value, fragment);
        look(fragment);
      },
    });
  };
  look(operation);
  return [...found.keys()].sort().flatMap((name) => found.get(name) ?? []);
}

/** Writes the manifest that the gateway answers from, and the ids by name for its clients. */
export function generatePersisted({ context: gateway }: Unit): void {
  const folder = join(root, 'gateways', gateway, 'operations');
  const parts = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => parse(new Source(readFileSync(join(folder, name), 'utf8'), name)));
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: parts.flatMap(({ definitions }) => definitions),
  };
  const api = readFileSync(join(root, 'docs/schema', `${gateway}.graphql`), 'utf8');
  const schema = buildSchema(api, { assumeValidSDL: true });
  const operations = persistedOperations(document, schema);
  const write = (name: string, entries: [string, string][]) =>
    writeIfChanged(
      join(root, 'gateways', gateway, 'src/generated', name),
      `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`,
    );
  write(
    'persisted-operations.json',
    operations.map(({ id, text }) => [id, text]),
  );
  write(
    'operation-ids.json',
    operations.map(({ name, id }) => [name, id]),
  );
}
