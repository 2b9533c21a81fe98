import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bankClient } from './bank/client.ts';
import { gateways } from './embedded/settings.ts';
import { defaultLogs } from './story/files.ts';
import { joined, placeOneOrder, shownLine, spansOf, traceLines } from './story/journey.ts';
import { linesOf } from './story/lines.ts';
import { treeText } from './story/spans.ts';

const usage = `npm run -s journey -- --trace <file> [--log <file>]... [--out <folder>]

Places one order on a running bank and writes its whole journey. The bank must run with TRACE_FILE
set to the same file. WEB_URL or WEB_PORT say where the web gateway answers.`;

const web = gateways.find(({ name }) => name === 'web');
const port = process.env['WEB_PORT'] ?? String(web?.port);
const url = process.env['WEB_URL'] ?? `http://127.0.0.1:${port}`;

const { values } = parseArgs({
  options: {
    trace: { type: 'string', default: process.env['TRACE_FILE'] ?? '' },
    log: { type: 'string', multiple: true, default: [...defaultLogs(process.env)] },
    out: { type: 'string', default: '.simplebank/journey' },
  },
});

if (values.trace === '') {
  console.error(usage);
  process.exit(2);
}
const { requestId, traceId } = await placeOneOrder(bankClient(`${url}/graphql`));
const lines = await traceLines(values.trace, traceId);
const tree = treeText(spansOf(lines));
const story = await linesOf(values.log, requestId);
mkdirSync(values.out, { recursive: true });
const write = (name: string, text: string) => writeFileSync(join(values.out, name), text);
write('trace.json', `${JSON.stringify(joined(lines), null, 1)}\n`);
write('tree.txt', tree);
write('log.jsonl', story.map((line) => `${JSON.stringify(shownLine(line))}\n`).join(''));
console.log(tree);
console.log(`${lines.length} spans and ${story.length} log lines are in ${values.out}.`);
