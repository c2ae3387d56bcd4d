import { ApplicationFailure, condition } from '@temporalio/workflow';
import { InputAmended } from './amendments.js';
import {
  differentlyWorded,
  stopFailure,
  toDecision,
  type BlockedStep,
  type Outcome,
  type Problem,
} from './blocked-step.js';
import { checkActorAndReason, refuseDecision as refuse } from './refusals.js';
import {
  AMENDMENT_REFUSED,
  choicesFor,
  type AmendRequest,
  type Choice,
  type Decision,
  type DecisionRequest,
} from '../../contract/decisions.js';
import { decisionText } from '../../contract/decision-text.js';
import { actorText, blockName, type Verified } from '../../contract/actors.js';
import { FailureType, waitsForHelp } from '../../contract/failures.js';
import { keepReminding, waitForCloud, type FailurePolicy } from './reminders.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { cloudAnswers, outageTypes } from '../cloud-trouble/outage.js';

/** Blocks the steps of a run that need a person or the cloud, and takes the decisions. */
export class DecisionDesk {
  failurePolicy: FailurePolicy = { cloud: '', onFailure: 'undo' };
  private readonly blockedSteps: BlockedStep[] = [];
  private readonly retriedOnce = new Set<string>();
  private amender: string | undefined;
  private stop: ((problem: Problem) => Error) | undefined;
  /** True for a run in which `abort`, `amend` and the deadline also stop a step that blocks only afterwards. */
  stopsLateSteps = false;
  /** True for a run whose deadlines stand still while its cloud is in trouble. */
  deadlinesStandStill = false;
  private blocked = false;
  private everBlocked = false;
  /** How many steps were blocked and are no longer. */
  blocksEnded = 0;
  /** How the run must end, after a decision or a passed deadline. */
  endAs: 'undo' | 'keep' | undefined;

  constructor(
    private readonly board: StatusBoard,
    private readonly readAmended: (input: unknown) => Promise<object>,
  ) {}

  /** The run starts from the top with an amended input. */
  startAgain(policy: FailurePolicy): void {
    this.failurePolicy = policy;
    this.stop = undefined;
  }

  /** True while a step waits for a decision, or for the cloud. */
  get isWaiting(): boolean {
    return this.blockedSteps.length > 0;
  }

  /** True when a step was blocked, with a known tenant, since the last call of this; `ever`: at any time. */
  wasBlocked({ ever = false } = {}): boolean {
    if (ever) return this.everBlocked;
    const { blocked } = this;
    this.blocked = false;
    return blocked;
  }

  /** True when a person, or time, can fix this. */
  canBeHelped({ type }: Problem, mayHaveMade: boolean): boolean {
    return waitsForHelp(type, { onFailure: this.failurePolicy.onFailure, mayHaveMade });
  }

  /** Blocks until a decision, or until the cloud is back. Throws after `abort`, `amend` or the deadline. */
  async waitForDecision(problem: Problem): Promise<'retry' | 'skip'> {
    const waitsForCloud = outageTypes.includes(problem.type) && !(await cloudAnswers(this.failurePolicy.cloud));
    // the cloud may have come back between the last attempt and this check
    if (outageTypes.includes(problem.type) && !waitsForCloud && !this.retriedOnce.has(problem.step)) {
      this.retriedOnce.add(problem.step);
      return 'retry';
    }
    // the run was stopped while this step was still being tried, or the cloud was asked
    if (this.stop !== undefined && this.stopsLateSteps) throw this.stop(problem);
    const blocked: BlockedStep = { ...problem, since: new Date().toISOString(), waitsForCloud };
    this.blockedSteps.push(blocked);
    this.blocked ||= this.board.facts.tenantId !== undefined;
    this.everBlocked ||= this.blocked;
    this.updateStatus();
    try {
      await condition(() => waitsForCloud || blocked.outcome !== undefined || this.blockedSteps[0] === blocked);
      if (blocked.outcome === undefined) await this.wait(blocked);
    } finally {
      this.remove(blocked);
      this.blocksEnded += 1;
    }
    return toDecision(blocked.outcome!);
  }

  /** Refuses a decision that is not possible now, and says why. */
  validate(choice: Choice, request: DecisionRequest & { input?: unknown }): void {
    checkActorAndReason(request);
    const [blocked] = this.blockedSteps;
    if (this.amender !== undefined) refuse(`${this.amender} is amending the input now`);
    if (blocked === undefined) refuse(`nothing waits for a decision: ${this.describeLastDecision()}`);
    if (choice === 'skip' && !blocked.skippable)
      refuse(`${blocked.step} cannot be skipped, because later steps need its result`);
    if (choice === 'amend' && (typeof request.input !== 'object' || request.input === null))
      refuse('input is missing: send the whole new input');
  }

  /** What a decision is about now. */
  get about(): string | undefined {
    const [blocked] = this.blockedSteps;
    return blocked && blockName(blocked);
  }

  /** Executes a validated decision. */
  async decide(choice: Choice, request: Verified<DecisionRequest | AmendRequest>): Promise<Decision> {
    const front = this.blockedSteps[0]!;
    switch (choice) {
      case 'amend': {
        const order = await this.amend(request as AmendRequest);
        if (this.blockedSteps.length === 0)
          refuse(`nothing waits for a decision any more: ${this.describeLastDecision()}`, AMENDMENT_REFUSED);
        this.stopAll(() => new InputAmended(order));
        break;
      }
      case 'skip':
        this.resolve(front, { go: 'skip' });
        break;
      case 'retry':
        this.resolveAll(() => ({ go: 'retry' }));
        break;
      case 'abort':
        this.stopRun('undo', `${actorText(request)} gave up: ${request.reason}`);
        break;
      default:
        choice satisfies never;
    }
    const { actor, verified, reason } = request;
    const at = new Date().toISOString();
    return this.board.addDecision({ choice, step: front.step, actor, verified, reason, at });
  }

  /** The failure that ends the run and undoes it, even if its order says otherwise. */
  createRestoredFailure(step: string, why: string): ApplicationFailure {
    this.endAs = 'undo';
    return ApplicationFailure.create({
      type: FailureType.Restored,
      message: why,
      nonRetryable: true,
      details: [{ step }],
    });
  }

  /** True for a blocked step that may have taken effect: its input cannot be amended. */
  mayBeDone(step: string): boolean {
    return this.blockedSteps.some((blocked) => blocked.step === step && blocked.mayBeDone);
  }

  private async amend({ actor, input }: AmendRequest): Promise<object> {
    this.amender = actor;
    try {
      return await this.readAmended(input);
    } finally {
      this.amender = undefined;
    }
  }

  private async wait(blocked: BlockedStep): Promise<void> {
    const decided = () => blocked.outcome !== undefined;
    if (blocked.waitsForCloud) {
      if (await waitForCloud(this.failurePolicy.cloud, blocked, decided))
        for (const one of this.blockedSteps.filter(({ waitsForCloud }) => waitsForCloud))
          this.resolve(one, { go: 'retry' });
      this.retriedOnce.delete(blocked.step);
      return;
    }
    const until = await keepReminding(blocked, {
      board: this.board,
      policy: this.failurePolicy,
      standsStill: this.deadlinesStandStill,
      decided,
      updateStatus: () => this.updateStatus(),
    });
    if (until === 'passed')
      this.stopRun(this.failurePolicy.then ?? 'undo', `nobody decided within ${this.failurePolicy.decisionDeadline}`);
  }

  private stopRun(how: 'undo' | 'keep', why: string): void {
    this.endAs = how;
    this.stopAll((problem) => stopFailure(problem, why));
  }

  private stopAll(stop: (problem: Problem) => Error): void {
    this.stop = stop;
    this.resolveAll((blocked) => ({ stop: stop(blocked) }));
  }

  private resolveAll(outcome: (blocked: BlockedStep) => Outcome): void {
    for (const blocked of this.blockedSteps.splice(0)) blocked.outcome = outcome(blocked);
    this.updateStatus();
  }

  private resolve(blocked: BlockedStep, outcome: Outcome): void {
    blocked.outcome = outcome;
    this.remove(blocked);
  }

  private remove(blocked: BlockedStep): void {
    const at = this.blockedSteps.indexOf(blocked);
    if (at < 0) return;
    this.blockedSteps.splice(at, 1);
    this.updateStatus();
  }

  private updateStatus(): void {
    const [first] = this.blockedSteps;
    if (first === undefined) return this.board.setState({ state: 'running' });
    const { step, type, since, until } = first;
    const choices = choicesFor(first);
    const also = differentlyWorded(this.blockedSteps).map((other) => `; ${other.step}: ${other.message}`);
    const waiting = this.blockedSteps.every(({ waitsForCloud }) => waitsForCloud)
      ? { waitsForCloud: true as const }
      : {};
    const message = [first.message, ...also].join('');
    const blocked = { step, type, message, since, ...(until ? { until } : {}), choices, ...waiting };
    this.board.setState({ state: 'blocked', blocked }, blocked);
  }

  private describeLastDecision(): string {
    const last = this.board.decisions.at(-1);
    if (last === undefined) return 'the run is not blocked';
    return decisionText(last);
  }
}
