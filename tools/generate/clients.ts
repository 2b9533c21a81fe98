import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse, Source } from 'graphql';
import { clientOperations, root, type Unit } from './units.ts';
import { writeIfChanged } from './write.ts';

const config = {
  documentMode: 'string',
  enumsAsTypes: true,
  importExtension: '.ts',
  emitLegacyCommonJSImports: false,
  useTypeImports: true,
  strictScalars: true,
  scalars: { Decimal: 'string', DateTime: 'string', LocalDate: 'string', ID: 'string' },
};

/** Clients of a gateway that answers known operations only send the ids of its manifest. */
function persistedConfig(gateway: string) {
  const file = join(root, 'gateways', gateway, 'src/generated/operation-ids.json');
  if (!existsSync(file)) return {};
  const ids: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  const hashAlgorithm = (text: string) => ids[operationName.exec(text)?.[1] ?? ''] ?? 'unknown';
  return { persistedDocuments: { hashAlgorithm } };
}

const operationName = /\b(?:query|mutation|subscription) (\w+)/;

function documentAt(location: string) {
  const rawSDL = readFileSync(join(root, location), 'utf8');
  return { location, rawSDL, document: parse(new Source(rawSDL, location)) };
}

/**
 * Writes the types of the example clients' operations from the public schema of their gateway.
 * @throws Error that names file and place of an operation that does not fit the contract
 */
export async function generateClients({ context: gateway }: Unit): Promise<void> {
  const schemaFile = join(root, 'docs/schema', `${gateway}.graphql`);
  const schema = parse(readFileSync(schemaFile, 'utf8'));
  const outputs = await preset.buildGeneratesSection({
    schema,
    schemaAst: buildASTSchema(schema),
    documents: clientOperations(gateway).map(documentAt),
    baseOutputDir: join(root, 'clients/examples/generated', `${gateway}/`),
    config,
    plugins: [],
    pluginMap: {},
    presetConfig: { fragmentMasking: false, ...persistedConfig(gateway) },
  });
  for (const output of outputs) {
    if (output.filename.endsWith('/graphql.ts')) {
      writeIfChanged(output.filename, await codegen(output));
    }
  }
}
