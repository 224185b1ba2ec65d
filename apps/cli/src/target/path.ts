/** A path with its parameters; those that are undefined are left out, lists come once for each member. */
type Value = string | number | boolean | string[] | undefined;

export function path(base: string, parameters: { [name: string]: Value }): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? base : `${base}?${text}`;
}
