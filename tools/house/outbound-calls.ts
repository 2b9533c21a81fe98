import ts from 'typescript';
import type { Sources } from './addresses.ts';

/** Who opens connections to others, and to whom. Nobody else does. */
const callersOut: Readonly<Record<string, string>> = {
  'packages/chassis/src/outbound/outbound.ts': 'the client with deadline, circuit and bulkhead',
  'packages/chassis/src/outbound/outbound-call.ts': 'its errors',
  'packages/gateway-kit/src/engine/subgraph-call.ts': 'queries of a gateway to a subgraph',
  'packages/gateway-kit/src/identity/tokens.ts': 'the public keys that accounts signs with',
  'packages/gateway-kit/src/identity/revocations.ts': 'the sessions that accounts has ended',
  'packages/gateway-kit/src/health/rollup.ts': 'how the processes do, for operators',
  'services/market/src/venues/http.ts': 'the venue, an outside party',
  'services/market/src/quotes/second-source.ts': 'a source of quotes, an outside party',
  'services/notifications/src/channels/email/smtp.ts': 'the mail server, an outside party',
};

const clients = [
  ...['undici', 'nodemailer', 'axios', 'got', 'ky', 'node-fetch', 'graphql-request'],
  ...['http', 'https', 'http2', 'net', 'tls', 'dgram'].flatMap((name) => [name, `node:${name}`]),
];
/** What a library's client is called; `isIP` of `node:net` calls nobody. */
const callingNames = ['createRemoteJWKSet', 'createOutbound'];
const quietNames = ['isIP', 'isIPv4', 'isIPv6'];
const globals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

function importsOf(node: ts.ImportDeclaration): readonly string[] {
  const clause = node.importClause;
  if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const named = clause.namedBindings;
  const whole = clause.name || (named && ts.isNamespaceImport(named)) ? ['*'] : [];
  if (!named || !ts.isNamedImports(named)) return whole;
  const names = named.elements.filter((one) => !one.isTypeOnly);
  return [...whole, ...names.map((one) => (one.propertyName ?? one.name).text)];
}

function reached(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const names = importsOf(node);
    const from = node.moduleSpecifier.text;
    const calls = clients.includes(from)
      ? names.filter((name) => !quietNames.includes(name))
      : names.filter((name) => callingNames.includes(name));
    return calls.length > 0 ? `imports ${calls.join(', ')} of ${from}` : null;
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  const called = node.expression.getText().replace(/^globalThis\./, '');
  return globals.includes(called) ? `calls ${called}` : null;
}

function callsIn(path: string, text: string): readonly string[] {
  const found: string[] = [];
  const step = (node: ts.Node): void => {
    const what = reached(node);
    if (what !== null) found.push(what);
    ts.forEachChild(node, step);
  };
  step(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  return found;
}

/** Files that call out and may not, and leave to call out that nobody uses. */
export function callProblems(sources: Sources, allowed = callersOut): string[] {
  const found = Object.entries(sources).flatMap(([path, text]) =>
    callsIn(path, text).map((what) => ({ path, what })),
  );
  return [
    ...found
      .filter(({ path }) => !allowed[path])
      .map(({ path, what }) => `${path} ${what}: contexts tell each other by events`),
    ...Object.keys(allowed)
      .filter((path) => !found.some((one) => one.path === path))
      .map((path) => `${path} calls nobody and need not be allowed to`),
  ];
}

/** A process as the addresses that it reads show it. */
export type Wired = {
  readonly name: string;
  readonly isGateway: boolean;
  readonly variables: readonly string[];
};

const doorVariable = (name: string) => `${name.toUpperCase().replaceAll('-', '_')}_URL`;

/** Who reads the address of a process of ours: only gateways may, and none of another gateway. */
export function wiringProblems(processes: readonly Wired[]): string[] {
  const gateways = processes.filter(({ isGateway }) => isGateway);
  return processes.flatMap(({ name, isGateway, variables }) =>
    (isGateway ? gateways : processes)
      .filter((other) => variables.includes(doorVariable(other.name)))
      .map((other) => `${name} reads ${doorVariable(other.name)}: it may not call ${other.name}`),
  );
}
