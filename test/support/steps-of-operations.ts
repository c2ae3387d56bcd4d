import { parseSync } from 'oxc-parser';
import { stepTable } from '../../workflows/kernel/step-table.js';
import { readSources } from './imports.js';

/** A declaration at the top of a file: the steps that it names, and the names that it uses. */
interface Declaration {
  steps: string[];
  uses: Set<string>;
}

interface Module {
  declarations: Map<string, Declaration>;
  /** Where an imported name is declared: file and name there. */
  imports: Map<string, { from: string; name: string }>;
}

/** Of an import or of a re-export. */
interface Specifier {
  local: { name: string };
  imported?: { name: string };
}

interface Node {
  type: string;
  [field: string]: unknown;
}

const steps = new Set(Object.entries(stepTable).flatMap(([name, { kind }]) => (kind === 'undo' ? [] : [name])));
const { files } = readSources(['workflows']);
const modules = new Map<string, Module>();

/** The steps that an operation can take, read from its source: those of all functions that its workflow reaches. */
export function stepsInCodeOf(operation: string): string[] {
  const reached = new Set<string>();
  const found = new Set<string>();
  const visit = (file: string, name: string): void => {
    if (reached.has(`${file} ${name}`)) return;
    reached.add(`${file} ${name}`);
    const { declarations, imports } = moduleOf(file);
    const imported = imports.get(name);
    if (imported !== undefined) return visit(imported.from, imported.name);
    const declaration = declarations.get(name);
    for (const step of declaration?.steps ?? []) found.add(step);
    for (const used of declaration?.uses ?? []) visit(file, used);
  };
  visit('workflows/index.ts', operation);
  return [...found].toSorted();
}

function moduleOf(file: string): Module {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const made: Module = { declarations: new Map(), imports: new Map() };
  modules.set(file, made);
  const text = files.get(file);
  // the kernel names every step, and takes none by itself
  if (text === undefined || file.startsWith('workflows/kernel/')) return made;
  for (const statement of parseSync(file, text).program.body as unknown as Node[]) addStatement(made, file, statement);
  return made;
}

function addStatement({ declarations, imports }: Module, file: string, statement: Node): void {
  const source = (statement['source'] as { value: string } | null | undefined)?.value;
  if (source !== undefined) {
    const from = new URL(source, `file:///${file}`).pathname.slice(1).replace(/\.js$/, '.ts');
    for (const { local, imported } of statement['specifiers'] as Specifier[])
      imports.set(local.name, { from, name: imported?.name ?? local.name });
    return;
  }
  const declared = (statement['declaration'] ?? statement) as Node;
  const { id } = declared as { id?: { name: string } };
  const variables = (declared['declarations'] ?? []) as { id: { name: string } }[];
  const names = [...(id ? [id.name] : []), ...variables.map((one) => one.id.name)];
  for (const name of names) declarations.set(name, contentsOf(declared));
}

/** Types name steps that are not taken. */
function contentsOf(node: Node): Declaration {
  const found: Declaration = { steps: [], uses: new Set() };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const { type } = value as Node;
    if (type?.startsWith('TS') && !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'].includes(type))
      return;
    if (type === 'Literal' && steps.has(String((value as Node)['value'])))
      found.steps.push(String((value as Node)['value']));
    if (type === 'Identifier') found.uses.add((value as unknown as { name: string }).name);
    Object.values(value).forEach(walk);
  };
  walk(node);
  return found;
}
