/** What of Grafana's dashboard format we use; everything else is left at its default. */
export type Query = { readonly expr: string; readonly legend: string };

export type Panel = {
  readonly title: string;
  /** Grafana's name of a unit: `s`, `reqps`, `percentunit`, `short`, `bytes`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** `stat` shows the newest value alone. */
  readonly kind?: 'timeseries' | 'stat';
  /** Of 24; 12 unless told. */
  readonly width?: number;
};

type Variable = { readonly name: string; readonly query: string };

export type Dashboard = {
  readonly uid: string;
  readonly title: string;
  readonly variables?: readonly Variable[];
  readonly panels: readonly Panel[];
};

const columns = 24;
const panelHeight = 8;
const statHeight = 6;
const datasource = { type: 'prometheus', uid: 'prometheus' };

type Placed = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** Left to right, then down, as one reads. */
function placesOf(panels: readonly Panel[]): readonly Placed[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ kind, width = columns / 2 }) => {
    if (x + width > columns) {
      y += rowHeight;
      [x, rowHeight] = [0, 0];
    }
    const h = kind === 'stat' ? statHeight : panelHeight;
    const place = { x, y, w: width, h };
    x += width;
    rowHeight = Math.max(rowHeight, h);
    return place;
  });
}

const refOf = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

function panelJson({ title, unit, queries, kind = 'timeseries' }: Panel, gridPos: Placed) {
  const legend = {
    displayMode: 'table',
    placement: 'bottom',
    calcs: ['min', 'max', 'mean', 'last'],
  };
  const options = kind === 'stat' ? { reduceOptions: { calcs: ['last'] } } : { legend };
  return {
    type: kind,
    title,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options,
    targets: queries.map(({ expr, legend: legendFormat }, index) => ({
      refId: refOf(index),
      datasource,
      expr,
      legendFormat,
    })),
  };
}

const variableJson = ({ name, query }: Variable) => ({
  type: 'query',
  name,
  datasource,
  query: { query, refId: name },
  definition: query,
  refresh: 2,
  sort: 1,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
});

/** The file of one dashboard; numbers of panels follow their order. */
export function dashboardJson({ uid, title, variables = [], panels }: Dashboard): string {
  const places = placesOf(panels);
  const dashboard = {
    uid,
    title,
    tags: ['simplebank'],
    schemaVersion: 39,
    editable: false,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: variables.map(variableJson) },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      ...panelJson(panel, places[index] ?? { x: 0, y: 0, w: columns, h: panelHeight }),
    })),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
