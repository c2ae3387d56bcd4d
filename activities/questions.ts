import { Context } from '@temporalio/activity';
import type { Acronis } from '../acronis/index.js';
import { catalogue } from '../catalogue/index.js';
import { cloudOf } from '../catalogue/input.js';
import { TenantryError } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import { unknownCloudText } from './failures.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import type { Answered, LookUpPage, LookUpQuestion, PlanQuestion } from '../contract/questions.js';
import { activity } from './activity.js';
import type { ActivityDependencies } from './attempt.js';

export interface QuestionDependencies {
  clouds: readonly string[];
  /** Plans an operation with the clouds of this worker. Its calls end with the signal. */
  makePlan?: (question: PlanQuestion, signal: AbortSignal) => Promise<unknown>;
  /** Reads one page of a look-up. */
  readLookUp?: (question: LookUpQuestion, acronis: Acronis) => Promise<LookUpPage>;
}

/** The answers for programs that have no credentials of a cloud. They change nothing, and keep nothing. */
export function createQuestionActivities(dependencies: ActivityDependencies & QuestionDependencies) {
  const { clouds, makePlan, readLookUp } = dependencies;
  const plan = activity.look(dependencies, async ({ question }: { cloud: string; question: PlanQuestion }) => {
    if (makePlan === undefined) throw new Error('This worker makes no plans.');
    const { cancellationSignal } = Context.current();
    return { result: await answered(async () => await makePlan(question, cancellationSignal)) };
  });
  const look = activity.look(
    dependencies,
    async ({ question }: { cloud: string; question: LookUpQuestion }, { acronis }) => {
      if (readLookUp === undefined) throw new Error('This worker reads no look-ups.');
      return { result: await answered(async () => await readLookUp(question, acronis)) };
    },
  );
  return {
    /** What an operation would do. An input with problems, or an unknown cloud, is an answer too. */
    answerPlan: async (question: PlanQuestion): Promise<Answered<unknown>> =>
      await inCloud(clouds, cloudOfPlan(question), async (cloud) => (await plan({ cloud, question })).result),
    /** One page of a look-up. What the cloud refuses is an answer too. */
    answerLookUp: async (question: LookUpQuestion): Promise<Answered<LookUpPage>> =>
      await inCloud(clouds, question.query['cloud'], async (cloud) => (await look({ cloud, question })).result),
  };
}

function cloudOfPlan({ operation, input }: PlanQuestion): string | undefined {
  const reading = catalogue[operation]?.read(input);
  return reading?.ok === true ? cloudOf(reading.order) : undefined;
}

/** Without a name: the default cloud, or the only one. */
async function inCloud<T>(
  clouds: readonly string[],
  named: string | undefined,
  ask: (cloud: string) => Promise<Answered<T>>,
): Promise<Answered<T>> {
  const cloud = named ?? (clouds.length === 1 ? clouds[0]! : DEFAULT_CLOUD);
  if (clouds.includes(cloud)) return await ask(cloud);
  const message = unknownCloudText(cloud, clouds);
  return await answered(() => {
    throw new TenantryError('refused', `cloud: ${message}.`, {
      type: FailureType.InvalidInput,
      problems: [{ path: 'cloud', message }],
    });
  });
}

/** An error that a person can do something about is an answer. Any other one is a failure of the worker. */
async function answered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ok: true, result: await ask() };
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    const { kind, type, message, problems } = error;
    return { ok: false, error: { kind, type, message, problems: [...problems] } };
  }
}
