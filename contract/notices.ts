/** Failure type of a notice that has not reached everybody whom it should reach; it is repeated. */
export const NOT_TOLD = 'Tenantry.NotTold';

/** What people are told, in facts; the adapters put it into words. Times are ISO 8601; `nth` counts reminders from 0. */
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
  | { about: 'cloud-back'; cloud: string; type: string; message: string; since: string; backAt: string };
