import type { DecisionRequest } from './decisions.js';
import { DEFAULT_CLOUD } from './ids.js';

/** The type of the workflow that limits how much customers lose at a time. There is one for each cloud. */
export const BRAKE_WORKFLOW = 'brake';

/** The workflow id of the brake of a cloud. */
export function brakeId(cloud: string = DEFAULT_CLOUD): string {
  return `${BRAKE_WORKFLOW}:${cloud}`;
}

/** What the workflow is started with. */
export interface BrakeStart {
  cloud: string;
}

/** How the brake of a cloud is started by the first who needs it. */
export function startOfBrake(cloud: string, taskQueue: string) {
  return {
    workflowId: brakeId(cloud),
    taskQueue,
    args: [{ cloud }] satisfies [BrakeStart],
    workflowTaskTimeout: '5 seconds' as const,
    staticSummary: 'Limits how much customers lose at a time',
  };
}

/** What takes something from a customer or cannot be taken back. Too many of these engage the brake. */
const countedKinds = ['disable', 'offboard', 'quotaCut', 'edition', 'production'] as const;
/** A creation takes nothing away. It has a limit of its own. */
export const intentKinds = [...countedKinds, 'creation'] as const;
export type IntentKind = (typeof intentKinds)[number];

/** An operation that a customer wants to start, and asks for first. */
export interface Intent {
  /** Names the intent among those of its customer. */
  id: string;
  kind: IntentKind;
  /** What would be done, for people. */
  what: string;
  why: string;
}

/**
 * How many intents are granted without a person. More than `hour` within an hour, or more than `day` within a day,
 * engage the brake; a share is of the customers of the cloud, and the larger number counts. More than `creations`
 * creations within an hour wait for the next hour.
 */
export interface BrakeLimits {
  hour: number;
  hourShare: number;
  day: number;
  dayShare: number;
  creations: number;
}

/** The largest limit, whatever a setting or a share says: so what a brake keeps stays small. */
export const MOST_COUNTED = 5000;

export const defaultBrakeLimits: Readonly<BrakeLimits> = {
  hour: 5,
  hourShare: 0.01,
  day: 10,
  dayShare: 0.03,
  creations: 20,
};

/** Signal to a brake: may this be done? Safe to repeat: the same question counts once. */
export const ASK_BRAKE_SIGNAL = 'askBrake';

export interface BrakeQuestion extends Pick<Intent, 'kind' | 'what' | 'why'> {
  /** The workflow id of the customer. */
  customer: string;
  /** The reference of the customer. */
  ref: string;
  /** Names the question; a customer that wants the same thing again later asks a new question. */
  question: string;
  limits: BrakeLimits;
  /** How many customers the cloud has. */
  customers: number;
}

/** Signal to a brake: the customer no longer wants it. Safe to repeat. */
export const WITHDRAW_SIGNAL = 'withdrawIntent';

export type Withdrawal = Pick<BrakeQuestion, 'customer' | 'question'>;

/** Signal from a brake to a customer. Comes again when the question is asked again. */
export const BRAKE_ANSWER_SIGNAL = 'brakeAnswer';

export interface BrakeAnswer {
  question: string;
  answer: 'granted' | 'dropped';
  /** Who has decided; absent when it was within the limits. */
  by?: DecisionRequest;
}

/** The Updates of a brake. */
export const brakeChoices = ['engage', 'release', 'drop'] as const;
export type BrakeChoice = (typeof brakeChoices)[number];

/** What a person sends with a choice. */
export interface BrakeRequest extends DecisionRequest {
  /** For `release` and `drop`: the customers that wait, by reference. */
  refs?: string[];
  /** For `release`: everything that waits is granted, and the brake is disengaged. */
  all?: true;
}

/** A decision that was taken. */
export interface BrakeDecision extends DecisionRequest {
  choice: BrakeChoice;
  /** True only if a worker has checked a proof of the actor. */
  verified: boolean;
  /** ISO 8601. */
  at: string;
  /** How many intents it has answered. */
  answered: number;
}

/** The query of a brake for its status. */
export const BRAKE_QUERY = 'brake';

/** The answer of the query. Times are ISO 8601. */
export interface BrakeStatus {
  cloud: string;
  /** Absent while intents within the limits are granted at once. */
  engaged?: { since: string; why: string };
  /** What was granted without a person lately, each with the limit at present. */
  counts: Record<'hour' | 'day' | 'creations', { granted: number; limit: number }>;
  /** The number of customers that the limits are worked out from. */
  customers: number;
  /** Oldest first. */
  waiting: WaitingIntent[];
  /** True when there were too many to list: those that are not here ask again later. */
  moreWait?: true;
  /** The newest 50, newest last. */
  decisions: BrakeDecision[];
}

export interface WaitingIntent extends Pick<BrakeQuestion, 'ref' | 'customer' | 'kind' | 'what' | 'why'> {
  since: string;
}
