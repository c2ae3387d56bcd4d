import { originProblem } from '../../../contract/origin.js';

/** One setting that `tenantry init` asks for. */
export interface Question {
  setting: string;
  /** The option that answers it. */
  option: string;
  /** What a person is asked. */
  text: string;
  usual?: string;
  /** It is not shown while it is typed, and an option names a file with it. */
  isSecret?: true;
  /** Why an answer cannot be used. */
  problem?: (answer: string) => string | undefined;
}

const NAME = /^[a-z0-9-]{1,20}$/;

/** What production needs, in the order in which a person is asked. */
export const questions: readonly Question[] = [
  {
    setting: 'ACRONIS_BASE_URL',
    option: '--base-url',
    text: "Origin of your Acronis data centre, such as https://eu2-cloud.acronis.com (the address of the console's log-in)",
    problem: originProblem,
  },
  {
    setting: 'ACRONIS_CLIENT_ID',
    option: '--client-id',
    text: 'Id of an API client of your partner tenant (console: Settings > API clients)',
  },
  {
    setting: 'ACRONIS_CLIENT_SECRET',
    option: '--client-secret-file',
    text: 'Secret of that API client (it is not shown)',
    isSecret: true,
  },
  {
    setting: 'TEMPORAL_ADDRESS',
    option: '--temporal-address',
    text: 'Host and port of your Temporal service',
    usual: '127.0.0.1:7233',
  },
  {
    setting: 'TEMPORAL_NAMESPACE',
    option: '--temporal-namespace',
    text: 'Namespace in Temporal',
    usual: 'default',
  },
  {
    setting: 'TENANTRY_ENV',
    option: '--name',
    text: 'Name of this system; it is part of everything that Tenantry makes, so never change it',
    usual: 'production',
    problem: (answer) => (NAME.test(answer) ? undefined : 'must be 1 to 20 of a-z, 0-9 and -'),
  },
];
