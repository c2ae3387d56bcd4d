import { readFileSync } from 'node:fs';
import type { InProcessSimulator } from '../../simulator/index.js';
import { catalogue } from '../../catalogue/index.js';
import { addExampleTenant } from './example-tenant.js';
import { models, type OperationModel } from './models/index.js';

type World = InProcessSimulator['memory'];
export type Input = Record<string, unknown>;

/** An operation with one of its inputs, in a world that fits it. */
export interface Subject {
  operation: string;
  variant: string;
  model: OperationModel;
  /** Creates what the input refers to. */
  prepare(world: World): Input;
}

/** Every operation of the product, with its example and the other inputs of its model. */
export function everySubject(): Subject[] {
  return Object.keys(catalogue).flatMap((operation) =>
    ['example', ...Object.keys(models[operation]?.variants ?? {})].map((variant) => subject(operation, variant)),
  );
}

/** Every operation with an input, and the run for the same key that can have ended before. */
export function everyStart(): { subject: Subject; earlier?: string }[] {
  return everySubject().flatMap((one) => {
    const names = one.variant === 'example' ? Object.keys(one.model.earlier ?? {}) : [];
    return [{ subject: one }, ...names.map((earlier) => ({ subject: one, earlier }))];
  });
}

export function subject(operation: string, variant: string): Subject {
  const model = models[operation] ?? {};
  return {
    operation,
    variant,
    model,
    prepare(world) {
      const example = exampleOf(operation);
      const input = variant === 'example' ? example : { ...model.variants, ...model.singleVariants }[variant]!(example);
      if (model.prepare) model.prepare(world, input);
      else addExampleTenant(world, input);
      return input;
    },
  };
}

function exampleOf(operation: string): Input {
  return JSON.parse(readFileSync(new URL(`../../../examples/${operation}.json`, import.meta.url), 'utf8')) as Input;
}
