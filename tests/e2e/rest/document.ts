import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';

type Response_ = {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, unknown>>;
  readonly $ref?: string;
};
type Operation = { readonly responses: Readonly<Record<string, Response_>> };
type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** An answer as it came over the network. */
export type Seen = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export type Described = {
  /** Such as `GET /holdings`, with the statuses that it may answer. */
  readonly operations: ReadonlyMap<string, readonly number[]>;
  /** Fails unless status, headers and body are as the document says. */
  readonly expectDescribed: (operation: string, seen: Seen) => void;
};

const id = 'openapi';

/** Reads what a gateway says of itself, so that its answers can be held against it. */
export async function readDocument(base: string): Promise<Described> {
  const response = await fetch(`${base}/openapi.json`);
  expect(response.status).toBe(200);
  const document = (await response.json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, id);

  const follow = (reference: string): unknown =>
    reference
      .slice('#/'.length)
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);

  /** Where a response is described, for a status that the operation may answer. */
  function responseAt(operation: string, status: number) {
    const [method = '', path = ''] = operation.split(' ');
    const here = document.paths[addressOf(path)]?.[method.toLowerCase()]?.responses[status];
    expect(here, `${operation} says nothing of a ${status}`).toBeDefined();
    const pointer = here?.$ref ?? pointerTo(addressOf(path), method.toLowerCase(), status);
    return { pointer, described: here?.$ref ? (follow(here.$ref) as Response_) : here };
  }

  function expectSchema(pointer: string, value: unknown, where: string) {
    const validate = ajv.getSchema(`${id}${pointer}`);
    if (!validate) throw new Error(`no schema at ${pointer}`);
    expect(validate(value), `${where}: ${ajv.errorsText(validate.errors)}`).toBe(true);
  }

  return {
    operations: new Map(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { responses }]) => [
          `${method.toUpperCase()} ${path.replace(/^\/v1(?=\/)/, '')}`,
          Object.keys(responses).map(Number),
        ]),
      ),
    ),
    expectDescribed(operation, { status, headers, text }) {
      const where = `${operation} answered ${status} ${text.slice(0, 300)}`;
      const { pointer, described } = responseAt(operation, status);
      for (const [name, { $ref }] of Object.entries(described?.headers ?? {})) {
        const value = headers.get(name);
        expect(value, `${where} without ${name}`).not.toBeNull();
        const number = (follow($ref) as { schema: { type: string } }).schema.type === 'integer';
        expectSchema(`${$ref}/schema`, number ? Number(value) : value, `${where}: ${name}`);
      }
      const [type] = Object.keys(described?.content ?? {});
      if (!type) return expect(text, where).toBe('');
      expect(headers.get('content-type'), where).toContain(type);
      const body: unknown = type === 'application/json' ? JSON.parse(text) : text;
      return expectSchema(`${pointer}/content/${escaped(type)}/schema`, body, where);
    },
  };
}

/** What every door answers stands in the document as it is; the rest under its version. */
const addressOf = (path: string) => (doorPaths.includes(path) ? path : `/v1${path}`);
const doorPaths = ['/health', '/ping'];

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const pointerTo = (path: string, method: string, status: number) =>
  `#/paths/${escaped(encodeURI(path))}/${method}/responses/${status}`;
