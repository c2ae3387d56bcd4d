import { ApplicationFailure, condition } from '@temporalio/workflow';
import { InputAmended } from './amendments.js';
import { checkWhoAndWhy, refuseDecision as refuse } from './refusals.js';
import {
  AMENDMENT_REFUSED,
  choicesFor,
  type AmendRequest,
  type Choice,
  type Decision,
  type DecisionRequest,
} from '../../contract/decisions.js';
import { FailureType, waitsForHelp } from '../../contract/failures.js';
import { keepReminding, waitForCloud, type Policy } from './reminders.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { cloudAnswers, outageTypes } from '../cloud-trouble/outage.js';

/** What a person is asked about. */
export interface Problem {
  step: string;
  type: string;
  message: string;
  skippable: boolean;
  /** Whether the step took effect is not known. */
  mayBeDone: boolean;
}

type Outcome = { go: 'retry' | 'skip' } | { stop: Error };

/** A step that waits for a decision. */
export interface BlockedStep extends Problem {
  since: string;
  until?: string;
  /** Waits for the cloud rather than for a person. */
  cloudwide: boolean;
  outcome?: Outcome;
}

/** Where a run waits when it cannot go on by itself, and where a person decides for it. */
export class DecisionDesk {
  policy: Policy = { cloud: '', onFailure: 'undo' };
  private readonly tickets: BlockedStep[] = [];
  private readonly retriedOnce = new Set<string>();
  private amender: string | undefined;
  private blocked = false;
  private everBlocked = false;
  /** Why the run is to end as its deadline says, once that has passed. */
  ending: 'undo' | 'keep' | undefined;

  constructor(
    private readonly board: StatusBoard,
    private readonly readAmended: (input: unknown) => Promise<object>,
  ) {}

  /** True while a decision, or the return of the cloud, is waited for. */
  get waits(): boolean {
    return this.tickets.length > 0;
  }

  /** True when a step of a run that had its tenant has waited since this was asked last; `ever`: at any time. */
  wasBlocked({ ever = false } = {}): boolean {
    if (ever) return this.everBlocked;
    const { blocked } = this;
    this.blocked = false;
    return blocked;
  }

  /** Whether a person, or time, could help with this. */
  canBeHelped({ type }: Problem, mayHaveMade: boolean): boolean {
    return waitsForHelp(type, { onFailure: this.policy.onFailure, mayHaveMade });
  }

  /** Blocks until somebody, or the return of the cloud, says how to go on; throws when not at all, or with another input. */
  async waitForDecision(problem: Problem): Promise<'retry' | 'skip'> {
    const cloudwide = outageTypes.includes(problem.type) && !(await cloudAnswers(this.policy.cloud));
    // it may have come back between the last try and our asking
    if (outageTypes.includes(problem.type) && !cloudwide && !this.retriedOnce.has(problem.step)) {
      this.retriedOnce.add(problem.step);
      return 'retry';
    }
    const ticket: BlockedStep = { ...problem, since: new Date().toISOString(), cloudwide };
    this.tickets.push(ticket);
    this.blocked ||= this.board.facts.tenantId !== undefined;
    this.everBlocked ||= this.blocked;
    this.show();
    try {
      await condition(() => cloudwide || ticket.outcome !== undefined || this.tickets[0] === ticket);
      if (ticket.outcome === undefined) await this.wait(ticket);
    } finally {
      this.close(ticket);
    }
    return toDecision(ticket.outcome!);
  }

  /** Refuses, with a sentence that says why, what makes no sense now. */
  validate(choice: Choice, request: DecisionRequest & { input?: unknown }): void {
    checkWhoAndWhy(request);
    const [ticket] = this.tickets;
    if (this.amender !== undefined) refuse(`${this.amender} is amending the input just now`);
    if (ticket === undefined) refuse(`nothing waits for a decision: ${this.describeLastDecision()}`);
    if (choice === 'skip' && !ticket.skippable)
      refuse(`${ticket.step} cannot be skipped, because later steps need what it makes`);
    if (choice === 'amend' && (typeof request.input !== 'object' || request.input === null))
      refuse('input is missing: give the whole input as it shall be from now on');
  }

  /** Takes a decision that has been validated. */
  async decide(choice: Choice, request: DecisionRequest | AmendRequest): Promise<Decision> {
    const front = this.tickets[0]!;
    if (choice === 'amend') {
      const order = await this.amend(request as AmendRequest);
      if (this.tickets.length === 0)
        refuse(`nothing waits for a decision any more: ${this.describeLastDecision()}`, AMENDMENT_REFUSED);
      this.settleAll(() => ({ stop: new InputAmended(order) }));
    } else if (choice === 'skip') this.settle(front, { go: 'skip' });
    else if (choice === 'retry') this.settleAll(() => ({ go: 'retry' }));
    else this.stop('undo', `${request.actor} gave up: ${request.reason}`);
    const { actor, reason } = request;
    const at = new Date().toISOString();
    return this.board.addDecision({ choice, step: front.step, actor, verified: false, reason, at });
  }

  /** The failure that ends the run here and takes back what it made, whatever its order says about failures. */
  giveUp(step: string, why: string): ApplicationFailure {
    this.ending = 'undo';
    return ApplicationFailure.create({
      type: FailureType.Restored,
      message: why,
      nonRetryable: true,
      details: [{ step }],
    });
  }

  /** The input may only change in what no step has used yet, or has used in vain. */
  mayBeDone(step: string): boolean {
    return this.tickets.some((ticket) => ticket.step === step && ticket.mayBeDone);
  }

  private async amend({ actor, input }: AmendRequest): Promise<object> {
    this.amender = actor;
    try {
      return await this.readAmended(input);
    } finally {
      this.amender = undefined;
    }
  }

  private async wait(ticket: BlockedStep): Promise<void> {
    const decided = () => ticket.outcome !== undefined;
    if (ticket.cloudwide) {
      if (await waitForCloud(this.policy.cloud, ticket, decided))
        for (const one of this.tickets.filter(({ cloudwide }) => cloudwide)) this.settle(one, { go: 'retry' });
      this.retriedOnce.delete(ticket.step);
      return;
    }
    const until = await keepReminding(ticket, {
      board: this.board,
      policy: this.policy,
      decided,
      show: () => this.show(),
    });
    if (until === 'passed')
      this.stop(this.policy.then ?? 'undo', `nobody decided within ${this.policy.decisionDeadline}`);
  }

  private stop(how: 'undo' | 'keep', why: string): void {
    this.ending = how;
    this.settleAll(({ step, type, message }) => ({
      stop: ApplicationFailure.create({
        type,
        message: `${message} (${why})`,
        nonRetryable: true,
        details: [{ step }],
      }),
    }));
  }

  private settleAll(outcome: (ticket: BlockedStep) => Outcome): void {
    for (const ticket of this.tickets.splice(0)) ticket.outcome = outcome(ticket);
    this.show();
  }

  private settle(ticket: BlockedStep, outcome: Outcome): void {
    ticket.outcome = outcome;
    this.close(ticket);
  }

  private close(ticket: BlockedStep): void {
    const at = this.tickets.indexOf(ticket);
    if (at < 0) return;
    this.tickets.splice(at, 1);
    this.show();
  }

  private show(): void {
    const [ticket, ...others] = this.tickets;
    if (ticket === undefined) return this.board.setState({ state: 'running' });
    const { step, type, since, until } = ticket;
    const choices = choicesFor(ticket);
    const also = others.map((other) => `; ${other.step}: ${other.message}`).join('');
    const waiting = this.tickets.every(({ cloudwide }) => cloudwide) ? { waitsForCloud: true as const } : {};
    const message = ticket.message + also;
    const blocked = { step, type, message, since, ...(until ? { until } : {}), choices, ...waiting };
    this.board.setState({ state: 'blocked', blocked }, blocked);
  }

  private describeLastDecision(): string {
    const last = this.board.decisions.at(-1);
    if (last === undefined) return 'the run is not blocked';
    return `${last.actor} chose ${last.choice} for ${last.step} at ${last.at} (${last.reason})`;
  }
}

function toDecision(outcome: Outcome): 'retry' | 'skip' {
  if ('stop' in outcome) throw outcome.stop;
  return outcome.go;
}
