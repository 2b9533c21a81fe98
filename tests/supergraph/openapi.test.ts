import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { openApiDocuments } from '../../tools/documents/openapi.ts';

describe.each([...openApiDocuments()])('docs/openapi/%s', (name, made) => {
  const document = JSON.parse(made);

  test('is OpenAPI 3.1 by its own schema', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    expect({ valid, errors, version: validator.version }).toEqual({ valid: true, version: '3.1' });
  });

  test('is what the declarations say today', async () => {
    expect(await readFile(`docs/openapi/${name}`, 'utf8')).toBe(made);
  });

  test('names each operation once, and only what the document has', () => {
    const operations = Object.values<Record<string, { operationId: string }>>(document.paths);
    const ids = operations
      .flatMap((methods) => Object.values(methods))
      .map((one) => one.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...made.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, path = '']) => path);
    const missing = references.filter(
      (path) => path.split('/').reduce((node, part) => node?.[part], document) === undefined,
    );
    expect(missing).toEqual([]);
  });
});
