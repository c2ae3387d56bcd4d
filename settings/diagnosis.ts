import { TenantryError, type InputProblem } from '../contract/errors.js';
import { hasClouds } from './client.js';
import { readEnvironment, readSettings, type Environment, type ProcessSchema } from './reader.js';
import { isProduction } from './production.js';
import { workerSchema } from './worker.js';

/** Name of this system, whether it is production, where a worker sends notices, and whose decisions it verifies. Refused as a worker refuses. */
export function loadSystem(given?: Environment) {
  const environment = readEnvironment(given);
  const schema = workerSchema.pick({
    mark: true,
    notices: true,
    actors: true,
    noticeRoutes: true,
    secrets: true,
    log: true,
    process: true,
  });
  const { mark, notices, noticeRoutes, actors } = readSettings(schema, environment);
  const system = { name: mark.environment, isProduction: isProduction(environment) };
  return { ...system, notices, noticesFile: noticeRoutes.path, ...actors };
}

/** The problems for which production would refuse settings that are accepted here. */
export function problemsInProduction(given?: Environment): InputProblem[] {
  const environment = readEnvironment(given);
  const schema = hasClouds(environment) ? workerSchema : workerSchema.omit({ clouds: true });
  const here = problemsOf(schema, environment).map(toText);
  return problemsOf(schema, { ...environment, TENANTRY_ENV: 'production' }).filter(
    (problem) => !here.includes(toText(problem)),
  );
}

function problemsOf(schema: ProcessSchema, environment: Environment): readonly InputProblem[] {
  try {
    readSettings(schema, environment);
    return [];
  } catch (error) {
    if (error instanceof TenantryError) return error.problems;
    throw error;
  }
}

function toText({ path, message }: InputProblem): string {
  return `${path}: ${message}`;
}
