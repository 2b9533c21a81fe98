import { z } from 'zod';
import { filesIn, textOf, yamlOf } from './files.ts';

const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
});
const group = z.object({
  name: z.string(),
  interval: z.string().optional(),
  rules: z.array(rule),
});
export type Rule = z.infer<typeof rule>;

export const alertFiles = filesIn('deploy/prometheus/alerts');
export const alertGroups = alertFiles.flatMap(
  (path) => z.object({ groups: z.array(group) }).parse(yamlOf(path)).groups,
);
export const rules: readonly Rule[] = alertGroups.flatMap((each) => each.rules);

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), definition: z.string() })),
  }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      datasource: z.object({ uid: z.string() }),
      options: z.looseObject({
        legend: z.looseObject({ calcs: z.array(z.string()) }).optional(),
      }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string() })).min(1),
    }),
  ),
});

export const dashboardsByFile = new Map(
  filesIn('deploy/grafana/dashboards').map((path) => [
    path.replace(/^.*\/|\.json$/g, ''),
    dashboard.parse(JSON.parse(textOf(path))),
  ]),
);

export type Asked = { readonly where: string; readonly expr: string };

/** Every query of the dashboards, with where it stands. */
export const panelQueries: readonly Asked[] = [...dashboardsByFile].flatMap(([file, { panels }]) =>
  panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, refId }) => ({ where: `${file}: ${title} ${refId}`, expr })),
  ),
);

export const alertQueries: readonly Asked[] = rules.map(({ alert, labels, expr }) => ({
  where: `${alert} ${labels['service'] ?? ''}`.trim(),
  expr,
}));
