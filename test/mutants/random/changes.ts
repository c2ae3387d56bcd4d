import { parseSync } from 'oxc-parser';

/** The ways in which chance breaks a program. */
export const kinds = ['comparison', 'constant', 'dropped line', 'swapped argument'] as const;
export type Kind = (typeof kinds)[number];

/** One small change of a program's text. */
export interface Change {
  kind: Kind;
  /** Where the text is that is replaced. */
  start: number;
  end: number;
  was: string;
  becomes: string;
}

/** What a change is called in the output. */
export function nameOf({ kind, was, becomes }: Change): string {
  return `${kind}: ${short(was)} → ${short(becomes)}`;
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [property: string]: unknown;
}

const turned: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
};

/**
 * Every change that chance can make in a JavaScript program. A text with a blank in it is for people, and no test has
 * to know its wording: it stays. So do imports, exports and the names of properties.
 */
export function changesOf(program: string): Change[] {
  const { program: tree, errors } = parseSync('program.js', program);
  if (errors.length > 0) throw new Error(errors[0]!.message);
  const changes: Change[] = [];
  visit(tree as unknown as Node, (node) => changes.push(...changesAt(node, program)));
  return changes.sort((one, other) => one.start - other.start || one.end - other.end);
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const [property, value] of Object.entries(node)) {
    if (isName(node, property)) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Whether this part of a node is a name or an address: not a value that the program computes with. */
function isName(node: Node, property: string): boolean {
  return property === 'source' || (property === 'key' && node['computed'] !== true);
}

function changesAt(node: Node, program: string): Change[] {
  const change = (kind: Kind, { start, end }: Pick<Node, 'start' | 'end'>, becomes: string): Change => ({
    kind,
    start,
    end,
    was: program.slice(start, end),
    becomes,
  });
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const operator = String(node['operator']);
      const start = program.indexOf(operator, (node['left'] as Node).end);
      const other = turned[operator];
      return other === undefined ? [] : [change('comparison', { start, end: start + operator.length }, other)];
    }
    case 'UnaryExpression':
      return node['operator'] === '!' ? [change('comparison', { start: node.start, end: node.start + 1 }, '')] : [];
    case 'Literal': {
      const other = otherValue(node['value']);
      return other === undefined ? [] : [change('constant', node, other)];
    }
    case 'ExpressionStatement':
      return typeof node['directive'] === 'string' ? [] : [change('dropped line', node, ';')];
    case 'ThrowStatement':
      return [change('dropped line', node, ';')];
    case 'IfStatement':
      return node['alternate'] === null ? [change('dropped line', node, ';')] : [];
    case 'ObjectExpression':
      return onOneLine(node['properties'], program).map((property) => change('dropped line', property, '...{}'));
    case 'ArrayExpression':
      return onOneLine(node['elements'], program).map((element) => change('dropped line', element, '...[]'));
    case 'CallExpression':
    case 'NewExpression':
      return swaps(node['arguments'] as Node[], program);
    default:
      return [];
  }
}

function onOneLine(parts: unknown, program: string): Node[] {
  return (parts as (Node | null)[]).filter(
    (part) => part !== null && !program.slice(part.start, part.end).includes('\n'),
  ) as Node[];
}

function otherValue(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(!value);
  if (typeof value === 'number') return String(value + 1);
  if (typeof value !== 'string' || /\s/.test(value)) return undefined;
  return value === '' ? "'?'" : "''";
}

/** Each two neighbours of these arguments, the other way round. */
function swaps(given: readonly Node[], program: string): Change[] {
  return given.slice(1).flatMap((second, at): Change[] => {
    const first = given[at]!;
    const [one, other] = [program.slice(first.start, first.end), program.slice(second.start, second.end)];
    if (one === other || first.type === 'SpreadElement' || second.type === 'SpreadElement') return [];
    const [start, end] = [first.start, second.end];
    const becomes = other + program.slice(first.end, second.start) + one;
    return [{ kind: 'swapped argument', start, end, was: program.slice(start, end), becomes }];
  });
}
