import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultLogs } from './story/files.ts';
import { linesOf, readable } from './story/lines.ts';

const usage = `npm run -s logs -- --request <id> [--json] [--from <file>]...

Prints the story of one request id, or of one trace id, from the lines of all processes.`;

/**
 * `npm run -s logs`: exits with 0 when lines were found, 1 when there are none, 2 when it was asked
 * in another way.
 */
async function main(args: readonly string[]): Promise<number> {
  const { request, json, from } = read(args);
  if (!request) {
    console.error(usage);
    return 2;
  }
  const files = from.length > 0 ? from : defaultLogs(process.env);
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0 || files.length === 0) {
    console.error(`There is no log ${missing.join(', ') || 'here'}: name one with --from.`);
    return 2;
  }
  const lines = await linesOf(files, request);
  for (const line of lines) console.log(json ? JSON.stringify(line) : readable(line));
  if (lines.length === 0) console.error(`No line of ${files.join(', ')} has the id ${request}.`);
  return lines.length > 0 ? 0 : 1;
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        request: { type: 'string' },
        json: { type: 'boolean', default: false },
        from: { type: 'string', multiple: true, default: [] },
      },
    });
    return values;
  } catch {
    return { request: undefined, json: false, from: [] };
  }
}

process.exitCode = await main(process.argv.slice(2));
