import type { ProtectionWait } from './protection.js';

/** Failure type of a notice that did not reach every recipient; it is retried. */
export const NOTICE_NOT_SENT = 'Tenantry.NotTold';

/** The type of a notice that the brake of a cloud is engaged. */
export const BRAKE_ENGAGED = 'BrakeEngaged';

/** The facts of a notification; the adapters word it. Times are ISO 8601; `nth` counts reminders from 0. */
export type Notice =
  | {
      about: 'run';
      run: string;
      operation: string;
      step: string;
      type: string;
      message: string;
      since: string;
      until?: string | undefined;
      skippable: boolean;
      nth: number;
    }
  | { about: 'cloud'; cloud: string; type: string; message: string; since: string; nth: number }
  | { about: 'brake'; cloud: string; type: typeof BRAKE_ENGAGED; message: string; since: string }
  /** Too many customers of a rollout failed, or only failed ones are left. */
  | { about: 'rollout'; rollout: string; message: string; since: string }
  /** A customer that is not protected yet, because something does not come. */
  | {
      about: 'onboarding';
      run: string;
      cloud: string;
      tenantId: string;
      missing: string;
      since: string;
      whoMustAct: ProtectionWait['whoMustAct'];
      nth: number;
    }
  | { about: 'cloud-back'; cloud: string; type: string; message: string; since: string; backAt: string }
  /** A customer whose next operation has failed, was refused, or needs an answer. */
  | { about: 'customer'; customer: string; cloud: string; type: string; message: string }
  /** Something at a billing or CRM system that a person must look at, such as an object that is gone. */
  | { about: 'source'; source: string; subject: string; message: string };
