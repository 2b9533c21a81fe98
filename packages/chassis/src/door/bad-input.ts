import { type ASTNode, BREAK, type GraphQLError, Kind, parse, visit } from 'graphql';

/** A value that does not fit the schema: what was expected, and where it stood. */
export type BadInput = { readonly message: string; readonly field: string | null };

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** Null when the error is about anything but a value that the caller gave. */
export function badInputOf(error: GraphQLError): BadInput | null {
  if (error.path !== undefined) return badArgument(error);
  const code = error.extensions['code'];
  if (code === 'BAD_USER_INPUT') return badVariable(error);
  const [node] = error.nodes ?? [];
  const isValue = node !== undefined && valueKinds.has(node.kind);
  return code === 'GRAPHQL_VALIDATION_FAILED' && isValue ? badLiteral(error, node) : null;
}

const variableName = /^Variable "\$(\w+)"/;
const variablePath = / at "([^"]+)"$/;
const missingField = /^Field "(\w+)" of required type/;

/** graphql tells a variable's path in its message only, and repeats the value there. */
function badVariable(error: GraphQLError): BadInput {
  const name = variableName.exec(error.message)?.[1] ?? null;
  const inner = innermostMessage(error);
  if (inner === error.message || !error.message.endsWith(`; ${inner}`)) {
    return { message: error.message, field: name };
  }
  const prefix = error.message.slice(0, -`; ${inner}`.length);
  const path = variablePath.exec(prefix)?.[1] ?? name;
  const missing = missingField.exec(inner)?.[1];
  return { message: inner, field: missing ? `${path}.${missing}` : path };
}

function innermostMessage(error: GraphQLError): string {
  let current: Error = error;
  while ('originalError' in current && current.originalError instanceof Error) {
    current = current.originalError;
  }
  return current.message;
}

function badLiteral({ message }: GraphQLError, node: ASTNode): BadInput {
  const missing = missingField.exec(message.replace(/^Field "\w+\./, 'Field "'))?.[1];
  const path = pathOf(node);
  return { message, field: missing && path ? `${path}.${missing}` : path };
}

/** The names of the argument and input fields that lead to a value of the document. */
function pathOf(node: ASTNode): string | null {
  const source = node.loc?.source;
  if (!node.loc || !source) return null;
  const { start, end } = node.loc;
  let found: string | null = null;
  visit(parse(source.body), {
    enter(candidate, ...place) {
      if (candidate.kind !== node.kind) return undefined;
      if (candidate.loc?.start !== start || candidate.loc.end !== end) return undefined;
      const [, parent, , ancestors] = place;
      found = namesOf([...ancestors, ...(parent ? [parent] : []), candidate]);
      return BREAK;
    },
  });
  return found;
}

function namesOf(nodes: readonly (ASTNode | readonly ASTNode[])[]): string | null {
  const names = nodes.flatMap((node) =>
    'kind' in node && (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD)
      ? [node.name.value]
      : [],
  );
  return names.length > 0 ? names.join('.') : null;
}

const argumentName = /^Argument "(\w+)"/;

/** An argument that only failed when its field ran, such as a null variable. */
function badArgument(error: GraphQLError): BadInput | null {
  const original = error.originalError;
  const field = argumentName.exec(error.message)?.[1];
  if (!field || !original || !('nodes' in original) || !original.nodes) return null;
  return { message: error.message, field };
}
