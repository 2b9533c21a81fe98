import { z } from 'zod';
import { yamlOf } from './files.ts';

const dependency = z.object({ condition: z.string() });

const service = z.looseObject({
  image: z.string(),
  build: z.looseObject({ target: z.string(), dockerfile: z.string() }).optional(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  privileged: z.boolean().default(false),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  mem_limit: z.string().optional(),
  cpus: z.number().optional(),
  command: z.array(z.string()).default([]),
  env_file: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), dependency).default({}),
  stop_grace_period: z.string().optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional() }).optional(),
  logging: z.looseObject({ driver: z.string() }).optional(),
});

const file = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })).default({}),
  secrets: z.record(z.string(), z.object({ file: z.string() })).default({}),
});
export type Compose = z.infer<typeof file>;

/** Throws ZodError with what a compose file has that we do not use. */
export const composeOf = (path: string): Compose => file.parse(yamlOf(path));

/** The value of `${NAME:-value}` where nobody set NAME. */
export const unset = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
