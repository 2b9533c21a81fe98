import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { root } from '../../../tools/generate/units.ts';

export const pathOf = (path: string): string => join(root, path);
export const exists = (path: string): boolean => existsSync(pathOf(path));
export const textOf = (path: string): string => readFileSync(pathOf(path), 'utf8');
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();

/** YAML 1.1 as compose reads it, merge keys included. */
export const yamlOf = (path: string): unknown => parse(textOf(path), { merge: true });
export const documentsOf = (text: string): unknown[] =>
  parseAllDocuments(text).map((document) => document.toJS());

/** Whether a program can be run here; tests that need it say so in their title. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error instanceof Error && 'status' in error && error.status !== null;
  }
}

export const scripts: Readonly<Record<string, string>> = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf('package.json'))).scripts;
