import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectiveNode, Kind, parse } from 'graphql';
import { root } from '../generate/units.ts';

/** Which subgraphs serve an entity; stubs that only pass on an id are not among them. */
export type Entities = ReadonlyMap<string, readonly string[]>;

function schemaOf(folder: string): string {
  const one = join(root, folder, 'schema.graphql');
  const many = join(root, folder, 'schema');
  const texts = existsSync(one) ? [readFileSync(one, 'utf8')] : [];
  if (!existsSync(many) || !statSync(many).isDirectory()) return texts.join('\n');
  const more = readdirSync(many).filter((name) => name.endsWith('.graphql'));
  return [...texts, ...more.map((name) => readFileSync(join(many, name), 'utf8'))].join('\n');
}

const isServed = ({ name, arguments: given = [] }: DirectiveNode): boolean =>
  name.value === 'key' &&
  !given.some(
    (one) => one.name.value === 'resolvable' && one.value.kind === Kind.BOOLEAN && !one.value.value,
  );

/** The entities that a schema serves. */
export function entitiesIn(schema: string): readonly string[] {
  const { definitions } = parse(schema);
  const served = definitions.flatMap((one) =>
    (one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    one.directives?.some(isServed)
      ? [one.name.value]
      : [],
  );
  return [...new Set(served)];
}

/** @param folders the folder of each process, by its name; those without a schema serve none */
export function entitiesOf(folders: Readonly<Record<string, string>>): Entities {
  const servers = new Map<string, string[]>();
  for (const [name, folder] of Object.entries(folders)) {
    const schema = schemaOf(folder);
    if (schema === '') continue;
    for (const entity of entitiesIn(schema)) {
      servers.set(entity, [...(servers.get(entity) ?? []), name]);
    }
  }
  return servers;
}
