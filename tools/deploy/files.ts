import { dashboards } from './dashboards/dashboards.ts';
import { dashboardJson } from './dashboards/panel.ts';
import { kubernetesFiles } from './kubernetes.ts';
import { objectiveAlerts } from './objective-alerts.ts';

/** The files of `deploy/` that follow from the code, by path, as they should read. */
export const deployFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['deploy/prometheus/alerts/objectives.yml', objectiveAlerts()],
    ...Object.entries(dashboards).map(
      ([name, dashboard]) =>
        [`deploy/grafana/dashboards/${name}.json`, dashboardJson(dashboard)] as const,
    ),
    ...kubernetesFiles(),
  ]);
