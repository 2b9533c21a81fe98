import type {
  ConstDirectiveNode,
  ConstValueNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
} from 'graphql';
import { Kind, parse, print, valueFromASTUntyped, visit } from 'graphql';
import type { Clause, Requirement } from './requirement.ts';

/** What the directives of a supergraph require, by type and by `Type.field`. */
export type Rules = ReadonlyMap<string, Requirement>;
type ReadSupergraph = {
  readonly rules: Rules;
  /** The same graph without them: stock gateways refuse to load what they cannot enforce. */
  readonly supergraphSdl: string;
};

const feature = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\/v\d/;
type Feature = 'authenticated' | 'requiresScopes' | 'policy';

/** Reads the authorization directives of a supergraph, under whatever names it links them. */
export function readRights(supergraphSdl: string): ReadSupergraph {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = linkedNames(document);
  if (names.size === 0) return { rules: new Map(), supergraphSdl };
  return { rules: rulesIn(document, names), supergraphSdl: print(without(document, names)) };
}

type Names = ReadonlyMap<string, Feature>;

function linkedNames({ definitions }: DocumentNode): Names {
  const links = definitions.filter(isSchema).flatMap(({ directives = [] }) => directives);
  return new Map(
    links.flatMap((link): [string, Feature][] => {
      const found = featureOf(link);
      if (!found) return [];
      return [[importedAs(link, found) ?? textOf(link, 'as') ?? found, found]];
    }),
  );
}

const isSchema = (node: DefinitionNode) =>
  node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION;

const featureOf = (link: ConstDirectiveNode): Feature | undefined =>
  link.name.value === 'link'
    ? (feature.exec(textOf(link, 'url') ?? '')?.[1] as Feature | undefined)
    : undefined;

/** `import: [{ name: "@policy", as: "@needs" }]` calls it otherwise. */
function importedAs(link: ConstDirectiveNode, name: string): string | undefined {
  const imported: unknown = argumentOf(link, 'import');
  if (!Array.isArray(imported)) return undefined;
  const one = imported.find((entry) => entry === `@${name}` || entry?.name === `@${name}`);
  const given = typeof one === 'string' ? one : (one?.as ?? one?.name);
  return typeof given === 'string' ? given.slice(1) : undefined;
}

function argumentOf({ arguments: given = [] }: ConstDirectiveNode, name: string): unknown {
  const value: ConstValueNode | undefined = given.find((one) => one.name.value === name)?.value;
  return value && valueFromASTUntyped(value);
}

function textOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return typeof value === 'string' ? value : undefined;
}

function rulesIn({ definitions }: DocumentNode, names: Names): Rules {
  const rules = new Map<string, Requirement>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    const clauses = directives.flatMap((directive) => clauseOf(directive, names));
    if (clauses.length > 0) rules.set(coordinate, [...(rules.get(coordinate) ?? []), ...clauses]);
  };
  for (const definition of definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const type = definition.name.value;
    if (definition.kind !== Kind.DIRECTIVE_DEFINITION && 'directives' in definition) {
      note(type, definition.directives as readonly ConstDirectiveNode[]);
    }
    for (const field of fieldsOf(definition)) note(`${type}.${field.name.value}`, field.directives);
  }
  return rules;
}

const fieldsOf = (definition: DefinitionNode): readonly FieldDefinitionNode[] =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
  definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (definition.fields ?? [])
    : [];

function clauseOf(directive: ConstDirectiveNode, names: Names): Clause[] {
  const found = names.get(directive.name.value);
  if (!found) return [];
  if (found === 'authenticated') return [{ kind: 'authenticated' }];
  const kind = found === 'policy' ? 'policies' : 'scopes';
  return [{ kind, anyOf: listsIn(argumentOf(directive, kind)) }];
}

/** A name or a list where a list of lists is meant counts as one, as GraphQL reads a value. */
const listsIn = (value: unknown): string[][] =>
  asList(value).map((inner) => asList(inner).map(String));

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function without(document: DocumentNode, names: Names): DocumentNode {
  const isOurs = (name: string) =>
    names.has(name) || [...names.keys()].some((own) => name.startsWith(`${own}__`));
  return visit(document, {
    Directive: (node) => (names.has(node.name.value) || featureOf(node as Link) ? null : undefined),
    DirectiveDefinition: ({ name }) => (names.has(name.value) ? null : undefined),
    ScalarTypeDefinition: ({ name }) => (isOurs(name.value) ? null : undefined),
  });
}
type Link = ConstDirectiveNode;
