import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One import of one file: a path from the root for a file of ours, a name for a package. */
export interface Import {
  from: string;
  to: string;
  /** It does not exist at run time. */
  typeOnly: boolean;
  /** `import()`: loaded only when that line runs. */
  dynamic: boolean;
}

export interface Sources {
  files: ReadonlyMap<string, string>;
  imports: readonly Import[];
  /** Files with `export *`. */
  wholesale: readonly string[];
}

/** The TypeScript files of these folders with all their imports, as a parser sees them. */
export function readSources(folders: readonly string[]): Sources {
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => /\.tsx?$/.test(name)),
  );
  const files = new Map(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const imports = [...files].flatMap(([name, text]) => importsOf(name, text));
  const wholesale = [...files].flatMap(([name, text]) => (exportsAll(name, text) ? [name] : []));
  return { files, imports, wholesale };
}

/** The imports and re-exports of one file. */
export function importsOf(from: string, text: string): Import[] {
  const { module } = parsed(from, text);
  // `import { type A }` still loads the module; only `import type` does not
  const typeOnly = ({ start }: { start: number }) => /^(import|export)\s+type\s/.test(text.slice(start, start + 20));
  const one = (to: string, erased: boolean, dynamic = false) => ({
    from,
    to: target(from, to),
    typeOnly: erased,
    dynamic,
  });
  const imported = module.staticImports.map((found) => one(found.moduleRequest.value, typeOnly(found)));
  const passedOn = module.staticExports.flatMap((found) => {
    const to = found.entries[0]?.moduleRequest?.value;
    return to === undefined ? [] : [one(to, typeOnly(found))];
  });
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    one(text.slice(start + 1, end - 1), false, true),
  );
  return [...imported, ...passedOn, ...dynamic];
}

/** Groups of files that import each other in a circle at run time. */
export function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly, dynamic } of imports)
    if (!typeOnly && !dynamic) next.set(from, [...(next.get(from) ?? []), to]);
  const reach = (start: string) => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      for (const to of next.get(file) ?? []) if (!seen.has(to)) visit((seen.add(to), to));
    };
    visit(start);
    return seen;
  };
  const reached = new Map([...next.keys()].map((file) => [file, reach(file)]));
  const inCircle = [...reached].filter(([file, seen]) => seen.has(file)).map(([file]) => file);
  const groups = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)!.has(other) && reached.get(other)!.has(file)).toSorted(),
  );
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

function parsed(name: string, text: string) {
  const result = parseSync(name, text);
  const [problem] = result.errors;
  if (problem !== undefined) throw new Error(`${name}: ${problem.message}`);
  return result;
}

function exportsAll(name: string, text: string): boolean {
  const entries = parsed(name, text).module.staticExports.flatMap((one) => one.entries);
  const kinds: string[] = entries.map(({ importName }) => importName.kind);
  return kinds.includes('AllButDefault');
}

function target(from: string, to: string): string {
  if (!to.startsWith('.')) return to;
  const path = relative(root, resolve(root, from, '..', to));
  const withMarkup = path.replace(/\.js$/, '.tsx');
  return existsSync(join(root, withMarkup)) ? withMarkup : path.replace(/\.js$/, '.ts');
}
