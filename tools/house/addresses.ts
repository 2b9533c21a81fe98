import ts from 'typescript';

/** The source of a file by its path from the root. */
export type Sources = Readonly<Record<string, string>>;

/**
 * Addresses that stand in source and reach no collaborator. Where the others are, configuration
 * says; a process's own port has a default in its `config.ts`, and that is all.
 */
const excusedAddresses: Readonly<Record<string, readonly string[]>> = {
  // Where a door listens unless told.
  'packages/chassis/src/process/config.ts': ['127.0.0.1'],
  'services/mail-catcher/src/catcher.ts': ['127.0.0.1'],
  // By these names a caller beside it reaches the door; nobody is called.
  'packages/chassis/src/door/page-door.ts': ['127.0.0.1', 'localhost'],
  // Beside it a mail server needs no encryption.
  'services/notifications/src/channels/email/smtp.ts': ['localhost', '127.0.0.1'],
  // Words that tell an operator what was expected.
  'packages/gateway-kit/src/config.ts': ['https://app.example', 'http://127.0.0.1:4207'],
  'services/notifications/src/config.ts': ['smtp://host:port', 'smtps://host:port'],
  // The name of a dialect.
  'packages/gateway-kit/src/rest/openapi.ts': ['https://json-schema.org/draft/2020-12/schema'],
  // Pages that may ask from a browser.
  'gateways/federation/src/app.ts': [
    'https://studio.apollographql.com',
    'https://sandbox.embed.apollographql.com',
    'https://explorer.embed.apollographql.com',
  ],
};

const shapes = [
  String.raw`[a-z][a-z0-9+]*://[a-z0-9[][^\s'"\`)<>,]*`,
  String.raw`\blocalhost\b`,
  String.raw`\b\d{1,3}(?:\.\d{1,3}){3}\b`,
  String.raw`\b[a-z][a-z0-9-]*:\d{4,5}\b`,
];
const addresses = new RegExp(shapes.join('|'), 'gi');
const portName = /port$/i;
const portMin = 1_024;

function walk(path: string, text: string, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
}

const isText = (node: ts.Node): node is ts.LiteralLikeNode =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node);

/** `ORDERS_PORT` in the configuration of orders. */
function isOwnDefault(path: string, name: string): boolean {
  const [, process = ''] =
    /^(?:subgraphs|services|gateways)\/([^/]+)\/src\/config\.ts$/.exec(path) ?? [];
  return process !== '' && name === `${process.toUpperCase().replaceAll('-', '_')}_PORT`;
}

/** The port that a number is: by the name of what it is given to. */
function portOf(node: ts.Node): string | null {
  if (!ts.isNumericLiteral(node) || Number(node.text.replaceAll('_', '')) < portMin) return null;
  for (let up: ts.Node | undefined = node.parent; up && !ts.isStatement(up); up = up.parent) {
    if (!ts.isPropertyAssignment(up) && !ts.isVariableDeclaration(up)) continue;
    const name = up.name.getText();
    return portName.test(name) ? name : null;
  }
  return null;
}

function addressesIn(path: string, text: string): readonly string[] {
  const found: string[] = [];
  walk(path, text, (node) => {
    if (isText(node)) found.push(...(node.text.match(addresses) ?? []));
    const port = portOf(node);
    if (port !== null && !isOwnDefault(path, port)) found.push(`${port} ${node.getText()}`);
  });
  return found;
}

/** Hosts, ports and addresses that stand in source, and excuses that nothing needs. */
export function addressProblems(sources: Sources, excused = excusedAddresses): string[] {
  const found = Object.entries(sources).flatMap(([path, text]) =>
    addressesIn(path, text).map((address) => ({ path, address })),
  );
  const isFound = (path: string, address: string) =>
    found.some((one) => one.path === path && one.address === address);
  return [
    ...found
      .filter(({ path, address }) => !excused[path]?.includes(address))
      .map(({ path, address }) => `${path}: ${address} stands in source`),
    ...Object.entries(excused).flatMap(([path, some]) =>
      some
        .filter((address) => !isFound(path, address))
        .map((address) => `${path}: ${address} is excused in vain`),
    ),
  ];
}
