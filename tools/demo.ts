import { bankClient, UnexpectedAnswer } from './bank/client.ts';
import { tellStory } from './demo/story.ts';
import { gateways } from './embedded/settings.ts';

const web = gateways.find(({ name }) => name === 'web');
const port = process.env['WEB_PORT'] ?? String(web?.port);
const url = process.env['WEB_URL'] ?? `http://127.0.0.1:${port}`;

/** `npm run demo`: a customer's story on a running bank; exits with 1 if a step ends otherwise. */
try {
  await tellStory(bankClient(`${url}/graphql`));
} catch (error) {
  if (error instanceof TypeError) {
    console.error(`\nNo bank answers at ${url}: run npm start first, or set WEB_PORT or WEB_URL.`);
  } else if (error instanceof UnexpectedAnswer) {
    console.error(`\n  FAILED  ${error.message}`);
  } else {
    throw error;
  }
  process.exitCode = 1;
}
