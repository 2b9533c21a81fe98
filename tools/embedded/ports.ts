import { createServer } from 'node:net';
import { gateways, type Settings, StartRefused } from './settings.ts';

const loopback = '127.0.0.1';

function probe(port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', answer);
    server.listen(port, loopback, () => server.close(() => answer(null)));
  });
}

/** Finds a taken or forbidden port before time is spent; throws StartRefused with the remedy. */
export async function requireFreePorts({ ports }: Pick<Settings, 'ports'>): Promise<void> {
  for (const { name, portVariable } of gateways) {
    const port = ports[name] ?? 0;
    const problem = port === 0 ? null : await probe(port);
    if (!problem) continue;
    const cause = problem.code === 'EACCES' ? 'may not be opened by this user' : 'is taken';
    throw new StartRefused(
      `Port ${port} of the ${name} gateway ${cause}: free it, or choose another, ` +
        `for example ${portVariable}=${port < 1024 ? port + 8000 : port + 100} npm start`,
    );
  }
}
