import type { Acronis } from '../acronis/index.js';
import type { QuestionDependencies } from '../activities/index.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { plannerFor, type PlanningMachine } from '../planning/machine.js';
import { makePlanBy } from '../planning/plan.js';
import { verdictOf } from '../planning/verdict.js';
import { REPORT_ROWS } from '../contract/questions.js';
import { pageOf } from '../lookups/page.js';
import { secretSourcesOf, type WorkerSettings } from '../settings/worker.js';
import { reportPages } from './report-pages.js';
import { secretProbe } from './secrets.js';

interface AnsweringParts {
  settings: WorkerSettings;
  clouds: { names: string[]; get(name: string): Acronis };
  artefacts: Pick<ReadableArtefactStore, 'check' | 'get' | 'holds'>;
}

/** How this worker answers what an operation would do, and what is in a cloud, for programs without credentials. */
export function createAnswers({ settings, clouds, artefacts }: AnsweringParts): Omit<QuestionDependencies, 'clouds'> {
  const places = {
    canRead: secretProbe(secretSourcesOf(settings)),
    checkArtefacts: async () => await artefacts.check(),
  };
  const { environment } = settings.mark;
  const service = { ...settings.temporal, ...settings.encryption };
  const readReport = reportPages(artefacts);
  const machine = (signal: AbortSignal): PlanningMachine =>
    plannerFor({ cloud: (name) => endingWith(clouds.get(name), signal), clouds: clouds.names, environment, places });
  return {
    makePlan: async ({ operation, input }, signal) => {
      const plan = await makePlanBy(machine(signal), operation, input, service);
      return { verdict: verdictOf(plan), ...plan };
    },
    readLookUp: async (question, acronis) =>
      question.lookUp === REPORT_ROWS ? await readReport(question.query) : await pageOf(question, acronis),
  };
}

/** The same client; the calls of all its attempts end with the signal as well. */
function endingWith(acronis: Acronis, signal: AbortSignal): Acronis {
  return { ...acronis, forAttempt: (attempt) => acronis.forAttempt({ ...attempt, signal }) };
}
