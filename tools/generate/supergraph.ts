import { join } from 'node:path';
import {
  composeSchemaContract,
  composeServices,
  compositionHasErrors,
  type ServiceDefinition,
  sortSDL,
} from '@theguild/federation-composition';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLError,
  parse,
  print,
  visit,
} from 'graphql';
import { withCosts } from './costs.ts';
import { schemaDocument } from './graphql.ts';
import { root, schemaFiles, subgraphs, type Unit } from './units.ts';
import { writeIfChanged } from './write.ts';

/** Tags that a gateway's contract includes; a gateway without an entry serves the whole graph. */
const contracts: Readonly<Record<string, readonly string[]>> = { web: ['web'], mobile: ['mobile'] };

/** Subgraphs that have a schema, under the names by which a gateway finds their addresses. */
export function services(): ServiceDefinition[] {
  return subgraphs
    .filter((context) => schemaFiles(context).length > 0)
    .map((name) => ({ name, url: `http://${name}/graphql`, typeDefs: schemaDocument(name) }));
}

const tagsOf = (node: { readonly directives?: readonly ConstDirectiveNode[] }) =>
  (node.directives ?? []).filter(({ name }) => name.value === 'tag');

/** Arguments without a tag of their own take those of their field, else those of its type. */
function tagArguments(field: FieldDefinitionNode, typeTags: readonly ConstDirectiveNode[]) {
  const inherited = tagsOf(field).length > 0 ? tagsOf(field) : typeTags;
  const given = (field.arguments ?? []).map((argument) =>
    tagsOf(argument).length > 0
      ? argument
      : { ...argument, directives: [...(argument.directives ?? []), ...inherited] },
  );
  return { ...field, arguments: given };
}

/** A contract hides every argument that bears no tag, which nobody means who tags a field. */
const withArgumentTags = (document: DocumentNode): DocumentNode =>
  visit(document, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: (type.fields ?? []).map((field) => tagArguments(field, tagsOf(type))),
    }),
    ObjectTypeExtension: (type) => ({
      ...type,
      fields: (type.fields ?? []).map((field) => tagArguments(field, tagsOf(type))),
    }),
  });

export type Supergraph = { readonly supergraph: string; readonly api: string };

/**
 * Composes what one gateway serves: its supergraph, and the schema its callers see.
 * @throws Error that lists every composition error with its code, subgraph and coordinate
 */
export function composeFor(gateway: string, services: ServiceDefinition[]): Supergraph {
  const definitions = services.map(({ typeDefs, ...service }) => ({
    ...service,
    typeDefs: withCosts(typeDefs),
  }));
  const include = contracts[gateway];
  const result = include ? composeContract(definitions, include) : composeServices(definitions);
  if (compositionHasErrors(result)) {
    throw new Error(`the graph of gateways/${gateway} does not compose\n${list(result.errors)}`);
  }
  const api = print(sortSDL(parse(result.publicSdl)));
  return { supergraph: result.supergraphSdl, api };
}

function composeContract(definitions: ServiceDefinition[], include: readonly string[]) {
  const tagged = definitions.map(({ typeDefs, ...service }) => ({
    ...service,
    typeDefs: withArgumentTags(typeDefs),
  }));
  const filter = { include: new Set(include), exclude: new Set<string>() };
  return composeSchemaContract(tagged, filter, true);
}

const list = (errors: readonly GraphQLError[]): string =>
  errors.map(({ message, extensions: { code } }) => `  ${code ?? 'ERROR'}: ${message}`).join('\n');

/** Composes the graph of one gateway and writes it, with the document that a reviewer reads. */
export function generateSupergraph({ context: gateway }: Unit): void {
  const { supergraph, api } = composeFor(gateway, services());
  writeIfChanged(
    join(root, 'gateways', gateway, 'src/generated/supergraph.graphql'),
    `${supergraph}\n`,
  );
  const heading = `# What callers of gateways/${gateway} see. Made by \`npm run generate\`.\n\n`;
  writeIfChanged(join(root, 'docs/schema', `${gateway}.graphql`), `${heading}${api}\n`);
}
