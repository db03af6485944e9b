/** The member of a request that a problem's sentence begins with, `"cron" is "x"; …`, if it is one of these; undefined: it names none. */
export function fieldOf<T extends string>(detail: string, names: readonly T[]): T | undefined {
  const [, name] = /^"(\w+)[".[]/.exec(detail) ?? [];
  return names.find((one) => one === name);
}
