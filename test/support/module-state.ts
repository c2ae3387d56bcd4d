import { parseSync, type Statement, type VariableDeclarator } from 'oxc-parser';

/** The names of variables of a module that can change after it has been loaded. */
export function changeableState(name: string, text: string): string[] {
  return parseSync(name, text).program.body.flatMap((statement) => {
    const declared = declarationOf(statement);
    if (declared?.type !== 'VariableDeclaration') return [];
    const changeable = declared.declarations.filter((one) => declared.kind !== 'const' || fillsLater(one, text));
    return changeable.map(({ id }) => text.slice(id.start, id.end).split(':')[0]!);
  });
}

function declarationOf(statement: Statement) {
  return statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
}

/** An empty list or object has no use but to be filled; a map or set can be filled unless its type forbids it. */
function fillsLater({ id, init }: VariableDeclarator, text: string): boolean {
  if (init?.type === 'ArrayExpression') return init.elements.length === 0;
  if (init?.type === 'ObjectExpression') return init.properties.length === 0;
  if (init?.type !== 'NewExpression') return false;
  const made = text.slice(init.callee.start, init.callee.end);
  return ['Map', 'Set'].includes(made) && !text.slice(id.start, id.end).includes('Readonly');
}
