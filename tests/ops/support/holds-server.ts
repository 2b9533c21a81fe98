import { startPostgres } from '../../../tools/postgres/server.ts';

/** A process to be killed: starts a server on the given folder, says where, and waits. */
const [dataDir = ''] = process.argv.slice(2);
const { adminUrl } = await startPostgres({ dataDir, say: () => {} });
process.stdout.write(`${adminUrl}\n`);
setInterval(() => {}, 60_000);
