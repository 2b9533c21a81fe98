import { writeSecrets } from './deploy/secrets.ts';

/** `npm run -s deploy:secrets`: keys and passwords for `docker compose up`, made once. */
try {
  const files = await writeSecrets();
  console.log(`${files.length} files under deploy/secrets: keep them, and show them to nobody.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
