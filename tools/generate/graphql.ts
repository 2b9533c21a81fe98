import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptResolvers from '@graphql-codegen/typescript-resolvers';
import { type DocumentNode, parse, Source } from 'graphql';
import { homeOf, root, schemaFiles, type Unit } from './units.ts';
import { writeIfChanged } from './write.ts';

const shared = {
  federation: true,
  contextType: '../context.ts#Context',
  useTypeImports: true,
  enumsAsTypes: true,
  importExtension: '.ts',
  emitLegacyCommonJSImports: false,
  makeResolverTypeCallable: true,
  optionalResolveType: true,
  resolversNonOptionalTypename: { unionMember: true },
  strictScalars: true,
  scalars: {
    Decimal: {
      input: '@simplebank/kernel/decimal#Decimal',
      output: '@simplebank/chassis/scalars#DecimalOutput',
    },
    DateTime: 'Date',
    LocalDate: 'string',
    ID: { input: 'string', output: 'string' },
    _FieldSet: 'string',
  },
};

/** The schema of a subgraph as one text: `schema.graphql`, then the files of `schema/`. */
const schemaText = (context: string): string =>
  schemaFiles(context)
    .map((file) => readFileSync(join(root, file), 'utf8').trim())
    .join('\n\n');

/**
 * The schema of a subgraph, parsed file by file so that an error names its file and line.
 * @throws GraphQLError on malformed SDL
 */
export function schemaDocument(context: string): DocumentNode {
  const parts = schemaFiles(context).map((file) =>
    parse(new Source(readFileSync(join(root, file), 'utf8'), file)),
  );
  return {
    ...parts[0],
    kind: 'Document' as DocumentNode['kind'],
    definitions: parts.flatMap((part) => part.definitions),
  };
}

/** A domain type often bears the name of its GraphQL type; the generated file says `…Model`. */
function mappersOf(context: string): Record<string, string> {
  const file = join(root, homeOf(context), 'codegen.json');
  if (!existsSync(file)) return {};
  const mappers: Record<string, string> = JSON.parse(readFileSync(file, 'utf8')).mappers ?? {};
  const renamed = Object.entries(mappers).map(([type, target]) => {
    const name = /#(\w+)$/.exec(target)?.[1];
    return [type, name ? `${target} as ${name}Model` : target];
  });
  return Object.fromEntries(renamed);
}

/** Writes a subgraph's resolver types, and its schema as a module so that images need no file. */
export async function generateGraphql({ context }: Unit): Promise<void> {
  const folder = join(root, homeOf(context), 'src/generated');
  const types = await codegen({
    filename: join(folder, 'graphql.ts'),
    schema: schemaDocument(context),
    documents: [],
    config: { ...shared, mappers: mappersOf(context) },
    pluginMap: { typescript, typescriptResolvers },
    plugins: [{ typescript: {} }, { typescriptResolvers: {} }],
  });
  writeIfChanged(join(folder, 'graphql.ts'), types);
  writeIfChanged(join(folder, 'type-defs.ts'), typeDefsModule(schemaText(context)));
}

const typeDefsModule = (sdl: string): string =>
  `import { parse } from 'graphql';

/** The subgraph's schema as it is written by hand. */
export const sdl = ${JSON.stringify(sdl)};

export const typeDefs = parse(sdl);
`;
