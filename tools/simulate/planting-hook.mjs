let plant = null;

export function initialize(data) {
  plant = data;
}

/** Replaces the fragment while its file is loaded; a file without it must not load. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!plant || !url.split('?')[0].endsWith(`/${plant.file}`)) return loaded;
  const source = Buffer.from(loaded.source ?? '').toString('utf8');
  if (source.split(plant.find).length !== 2) throw new Error(`${plant.file} has another text`);
  return { ...loaded, source: source.replace(plant.find, () => plant.replace) };
}
