import * as workflows from '../workflows/index.js';
import type { OperationDefinition } from '../workflows/kernel/operation.js';

/** The definition of an operation whose order type is only known at run time. */
export type AnyDefinition = OperationDefinition<never, object, unknown>;

/** The definition of every operation, by name. */
export const definitions: ReadonlyMap<string, AnyDefinition> = new Map(
  Object.values(workflows).flatMap((workflow) => {
    if (!('definition' in workflow)) return [];
    const definition = workflow.definition as unknown as AnyDefinition;
    return [[definition.name, definition]];
  }),
);
