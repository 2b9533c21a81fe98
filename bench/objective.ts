import { type Objective, readDescription } from '../tools/services/descriptions.ts';

/** What the web gateway promises: benches hold their figures against it and nothing else. */
export const objective: Objective = readDescription('gateways/web/service.yml').objective;
