import { register } from 'node:module';

// Before tsx, so that it hands over the source as it was written.
register('./planting-hook.mjs', import.meta.url, {
  data: JSON.parse(process.env.SIMULATION_PLANT ?? 'null'),
});
